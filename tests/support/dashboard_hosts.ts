import type { RecordFields } from "./encode_utmp.ts";
import { type Exporter, startExporter } from "./exporter.ts";
import { hostMounts } from "./host_mounts.ts";
import { succeed } from "./succeed.ts";
import type { TempDir } from "./temp_dir.ts";
import { logout, writeSlot, writeUtmp } from "./utmp_file.ts";

/** A session that the script knows of, with its login in seconds since the epoch. */
export interface Known {
  readonly username: string;
  readonly from: string;
  readonly tty: string;
  readonly login: number;
}

/** A process id that no Linux gives: above the largest pid_max. */
const NO_PROCESS = 4_194_305;

const DAY = 86_400;

/** When the test began. */
export const NOW = Math.floor(Date.now() / 1000);

/** How many sessions the second host shows by name. */
export const SHOWN = 20;

/** Who is on the first host at first. */
export const OLD_ALICE = session("alice", "gw.example.org", "pts/1", NOW - 8 * DAY);
export const ALICE = session("alice", "192.0.2.7", "pts/0", NOW - 7200);
export const BOB = session("bob", "-", "tty1", NOW - 9000);
export const ROOT = session("root", "198.51.100.9", "pts/3", NOW - 1800);
/** Who comes and goes, and who comes and stays. */
export const ERIN = session("erin", "2001:db8::5", "pts/4", NOW);
export const FRANK = session("frank", "-", "pts/5", NOW);

/** Who is on the second host: one user, 22 times. */
export const DAVES: readonly Known[] = Array.from(
  { length: 22 },
  (_, i) => session("dave", "192.0.2.8", `pts/${i}`, NOW - 3 * DAY + i),
);

/** The terminal of the first host that somebody is known to have used, and when. */
export const USED = { tty: "pts/0", at: NOW - 300 } as const;

function session(username: string, from: string, tty: string, login: number): Known {
  return { username, from, tty, login };
}

/** The record of a session, of a process that there is. A local terminal of its own is a pane of tmux. */
export function recordOf({ username, from, tty, login }: Known): RecordFields {
  const local = tty.startsWith("pts/") ? "tmux(1).%0" : "";
  const host = from === "-" ? local : from;
  return { type: "user_process", pid: Deno.pid, user: username, line: tty, host, seconds: login };
}

/** A host: its exporter and its records. */
export interface Host {
  readonly exporter: Exporter;
  readonly path: string;
  /** The instance that Prometheus calls it. */
  readonly instance: string;
  /** When it was booted, in seconds since the epoch. */
  readonly boot: number;
}

/** Two hosts. Disposing ends their exporters. */
export interface Hosts extends AsyncDisposable {
  readonly first: Host;
  readonly second: Host;
}

const SLOTS = { bob: 3, erin: 7, frank: 8 } as const;

/** Starts an exporter for each of two hosts with different troubles. */
export async function startHosts(dir: TempDir): Promise<Hosts> {
  await using made = new AsyncDisposableStack();
  const mounts = made.use(await hostMounts(dir));
  const terminals = dir.join("terminals");
  await Deno.mkdir(`${terminals}/pts`, { recursive: true });
  await succeed("mknod", `${terminals}/${USED.tty}`, "c", "1", "3");
  await succeed("touch", "-a", "-d", `@${USED.at}`, `${terminals}/${USED.tty}`);

  const boot = Number(/^btime (\d+)$/m.exec(await succeed("cat", "/proc/stat"))?.[1]);
  const [path, otherPath] = [dir.join("first.utmp"), dir.join("second.utmp")];
  const booted = (seconds: number): RecordFields => ({
    type: "boot_time",
    line: "~",
    user: "reboot",
    seconds,
  });
  await writeUtmp(path, [
    booted(boot),
    recordOf(ALICE),
    recordOf(OLD_ALICE),
    recordOf(BOB),
    recordOf(ROOT),
    { ...recordOf(session("carol", "192.0.2.9", "pts/9", NOW - DAY)), pid: NO_PROCESS },
    // No record has such a type.
    { type: 99, line: "pts/8", user: "nobody", seconds: NOW },
  ]);
  await writeUtmp(otherPath, [booted(NOW - 9 * DAY), ...DAVES.map(recordOf)]);
  const webConfig = dir.join("web.yml");
  await Deno.writeTextFile(
    webConfig,
    "http_server_config: { headers: { X-Frame-Options: deny } }\n",
  );
  const exporter = made.use(
    await startExporter([
      `--utmp-path=${path}`,
      `--path.procfs=${mounts.procfs}`,
      `--path.devfs=${terminals}`,
      `--web.config.file=${webConfig}`,
    ]),
  );
  const other = made.use(
    await startExporter([`--utmp-path=${otherPath}`, `--sessions.max-series=${SHOWN}`]),
  );
  const stack = made.move();
  return {
    first: { exporter, path, instance: `127.0.0.1:${exporter.port}`, boot },
    second: {
      exporter: other,
      path: otherPath,
      instance: `127.0.0.1:${other.port}`,
      boot: NOW - 9 * DAY,
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Someone logs in to the first host. */
export function logIn({ path }: Host, who: "erin" | "frank"): Promise<void> {
  return writeSlot(path, SLOTS[who], recordOf(who === "erin" ? ERIN : FRANK));
}

/** Someone logs out of the first host. */
export function logOut({ path }: Host, who: "bob" | "erin"): Promise<void> {
  return writeSlot(path, SLOTS[who], logout(who === "bob" ? BOB.tty : ERIN.tty));
}
