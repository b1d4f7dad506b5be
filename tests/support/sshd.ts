import { freePort } from "./free_port.ts";
import { type Login, logIn } from "./login.ts";
import { pathOf } from "./needs.ts";
import { Peer } from "./peer.ts";
import { succeed } from "./succeed.ts";
import type { TempDir } from "./temp_dir.ts";

/** The utmp file of this machine. */
export const UTMP_PATH = "/run/utmp";

/** The folder that Debian's sshd requires. */
const SEPARATION_PATH = "/run/sshd";

/** Its holder may change the accounting files of the machine. */
const LOCK_PATH = "/run/lock/unix-user-exporter-tests";

/** A real sshd on the loopback that writes its sessions itself, without PAM. */
export interface Sshd extends AsyncDisposable {
  /** Opens a session of root with a terminal. */
  readonly login: () => Promise<Login & { readonly line: string }>;
}

/** Makes an empty utmp file for the test, and sshd's folder. Disposing restores the machine. */
export async function accountingFiles(): Promise<AsyncDisposable> {
  await using made = new AsyncDisposableStack();
  // Tests of another executable may run at the same time.
  const lock = made.use(await Deno.open(LOCK_PATH, { create: true, write: true }));
  await lock.lock(true);
  const make = async (path: string, ...words: readonly string[]): Promise<boolean> => {
    const exists = await Deno.stat(path).then(() => true, () => false);
    if (exists) return false;
    await succeed("install", ...words, path);
    made.defer(() => Deno.remove(path));
    return true;
  };
  const isNew = await make(UTMP_PATH, "-m", "664", "-o", "root", "-g", "utmp", "/dev/null");
  if (!isNew) {
    const content = await Deno.readFile(UTMP_PATH);
    made.defer(() => Deno.writeFile(UTMP_PATH, content));
    await Deno.truncate(UTMP_PATH);
  }
  await make(SEPARATION_PATH, "-d", "-m", "755");
  return made.move();
}

/** Starts sshd on a free port, with keys of its own in the folder. */
export async function startSshd(dir: TempDir): Promise<Sshd> {
  const [hostKey, key, config] = [dir.join("host"), dir.join("user"), dir.join("sshd_config")];
  for (const path of [hostKey, key]) {
    await succeed("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path);
  }
  const port = freePort();
  const settings = {
    Port: port,
    ListenAddress: "127.0.0.1",
    HostKey: hostKey,
    AuthorizedKeysFile: `${key}.pub`,
    PidFile: "none",
    UsePAM: "no",
    UseDNS: "no",
    PermitRootLogin: "yes",
    PasswordAuthentication: "no",
    StrictModes: "no",
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} ${value}\n`);
  await Deno.writeTextFile(config, lines.join(""));
  await using made = new AsyncDisposableStack();
  const server = made.use(new Peer([pathOf("sshd") ?? "sshd", "-D", "-e", "-f", config]));
  await server.printed(new RegExp(`Server listening on 127\\.0\\.0\\.1 port ${port}`));
  const resources = made.move();
  const root = { terminal: true, user: "root", from: "127.0.0.1" };
  return {
    login: async () => {
      const login = await logIn({ port, key }, root);
      return { ...login, line: login.tty ?? "" };
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
