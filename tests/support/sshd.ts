import { assertEquals } from "./assert.ts";
import { freePort } from "./free_port.ts";
import { pathOf } from "./needs.ts";
import { Peer } from "./peer.ts";
import { succeed } from "./succeed.ts";
import type { TempDir } from "./temp_dir.ts";

/** Where sshd writes, and every program of the machine reads. */
export const UTMP_PATH = "/run/utmp";

/** The folder that Debian's sshd wants to be empty and root's. */
const SEPARATION_PATH = "/run/sshd";

/** Whoever holds it may change the accounting files of the machine. */
const LOCK_PATH = "/run/lock/unix-user-exporter-tests";

/** A login over ssh that lasts until it is ended. */
export interface Login extends AsyncDisposable {
  /** The terminal that the remote tty(1) names, without `/dev/`. */
  readonly line: string;
  /** Ends the session as a user does, with ^D. */
  readonly end: () => Promise<void>;
}

/** A real sshd on the loopback that writes its sessions itself, without PAM. */
export interface Sshd extends AsyncDisposable {
  readonly login: () => Promise<Login>;
}

/**
 * Makes sure that the machine has a utmp file, empty for the test, and sshd's folder. Disposing brings back
 * what was there.
 */
export async function accountingFiles(): Promise<AsyncDisposable> {
  await using made = new AsyncDisposableStack();
  // Tests of another executable may run at the same time.
  const lock = made.use(await Deno.open(LOCK_PATH, { create: true, write: true }));
  await lock.lock(true);
  const make = async (path: string, ...words: readonly string[]): Promise<boolean> => {
    const isThere = await Deno.stat(path).then(() => true, () => false);
    if (isThere) return false;
    await succeed("install", ...words, path);
    made.defer(() => Deno.remove(path));
    return true;
  };
  const isNew = await make(UTMP_PATH, "-m", "664", "-o", "root", "-g", "utmp", "/dev/null");
  if (!isNew) {
    // What the machine wrote is there again afterwards, without what a killed session left behind.
    const content = await Deno.readFile(UTMP_PATH);
    made.defer(() => Deno.writeFile(UTMP_PATH, content));
    await Deno.truncate(UTMP_PATH);
  }
  await make(SEPARATION_PATH, "-d", "-m", "755");
  return made.move();
}

/** Starts sshd on a free port, with keys of its own in the folder. */
export async function startSshd(dir: TempDir): Promise<Sshd> {
  const [hostKey, userKey, config] = [dir.join("host"), dir.join("user"), dir.join("sshd_config")];
  for (const key of [hostKey, userKey]) {
    await succeed("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key);
  }
  const port = freePort();
  await Deno.writeTextFile(
    config,
    [
      `Port ${port}`,
      "ListenAddress 127.0.0.1",
      `HostKey ${hostKey}`,
      `AuthorizedKeysFile ${userKey}.pub`,
      "PidFile none",
      "UsePAM no",
      "UseDNS no",
      "PermitRootLogin yes",
      "PasswordAuthentication no",
      "StrictModes no",
      "",
    ].join("\n"),
  );
  const server = new Peer([pathOf("sshd") ?? "sshd", "-D", "-e", "-f", config]);
  try {
    await server.printed(new RegExp(`Server listening on 127\\.0\\.0\\.1 port ${port}`));
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
  return {
    login: () => logIn(userKey, port),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function logIn(key: string, port: number): Promise<Login> {
  const options = [
    "IdentitiesOnly=yes",
    "BatchMode=yes",
    "StrictHostKeyChecking=no",
    "UserKnownHostsFile=/dev/null",
  ].flatMap((option) => ["-o", option]);
  const address = ["-p", String(port), "-i", key, "root@127.0.0.1"];
  const client = new Peer(["ssh", "-F", "none", "-tt", ...options, ...address, "tty; exec cat"]);
  try {
    const [, line = ""] = await client.printed(/\/dev\/(pts\/\d+)\r?\n/);
    return {
      line,
      end: async () => {
        await client.type("\x04");
        assertEquals(await client.ended(), 0);
      },
      [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
    };
  } catch (error) {
    await client[Symbol.asyncDispose]();
    throw error;
  }
}
