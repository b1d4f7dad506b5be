import type { RecordFields } from "./encode_utmp.ts";
import {
  appendPastLogins,
  ATTACKER,
  type Failures,
  FREQUENT,
  OLD_USERS,
  RETURNING,
  writePastLogins,
} from "./dashboard_past_logins.ts";
import { type Exporter, startExporter } from "./exporter.ts";
import { mountedProcfs } from "./host_mounts.ts";
import { succeed } from "./succeed.ts";
import type { TempDir } from "./temp_dir.ts";
import { writeUtmp } from "./utmp_file.ts";

/** A session, with its login in seconds since the epoch. */
export interface Session {
  readonly username: string;
  readonly from: string;
  readonly tty: string;
  readonly login: number;
}

/** A process id that no Linux gives: above the largest pid_max. */
const NO_PROCESS = 4_194_305;

const DAY = 86_400;

/** The start of the test. */
const NOW = Math.floor(Date.now() / 1000);

/** How many series of sessions the second host exposes. */
const MAX_SERIES = 20;

/** The sessions of the first host at the start. */
export const OLD_ALICE = session("alice", "gw.example.org", "pts/1", NOW - 8 * DAY);
export const ALICE = session("alice", "192.0.2.7", "pts/0", NOW - 7200);
export const BOB = session("bob", "-", "tty1", NOW - 9000);
export const ROOT = session("root", "198.51.100.9", "pts/3", NOW - 1800);
/** Sessions that start later. */
export const ERIN = session("erin", "2001:db8::5", "pts/4", NOW);
export const FRANK = session("frank", "-", "pts/5", NOW);

/** The sessions of the second host. */
const DAVES = Array.from(
  { length: 22 },
  (_, i) => session("dave", "192.0.2.8", `pts/${i}`, NOW - 3 * DAY + i),
);

/** A user of the first host whom only lastlog2 knows. */
const ULLA = { username: "ulla", login: NOW - 300 * DAY } as const;

/**
 * The failed logins of each address in the middle of the test. erin logs in after hers. alice was logged in
 * already. The second host has more addresses than series.
 */
export const FAILED: Failures = {
  first: { [ATTACKER]: 60, [ERIN.from]: 12, [ALICE.from]: 15 },
  second: { [FREQUENT[1]]: 15, [ATTACKER]: 7 },
};

/** The last logins that have series at the end, in seconds since the epoch. */
export const LAST_LOGINS: readonly Pick<Session, "username" | "login">[] = [
  ...[ALICE, BOB, ROOT, ERIN, FRANK, ULLA],
  { username: RETURNING, login: NOW },
  // The latest of those with the same labels.
  { username: "dave", login: NOW - 3 * DAY + 21 },
  // Two of the series of the second host are those above.
  ...OLD_USERS.slice(0, MAX_SERIES - 2).map(([username, days]) => {
    return { username, login: NOW - days * DAY };
  }),
];

/** How many users of the second host have no series of their last login. {@link RETURNING} has one. */
export const DROPPED_LAST_LOGINS = OLD_USERS.length - 1 - (MAX_SERIES - 2);

/** The terminal of the first host with a known last use. */
export const USED = { tty: "pts/0", at: NOW - 300 } as const;

function session(username: string, from: string, tty: string, login: number): Session {
  return { username, from, tty, login };
}

/** The record of a session with a running process. A local terminal of its own is a pane of tmux. */
export function recordOf({ username, from, tty, login }: Session): RecordFields {
  const local = tty.startsWith("pts/") ? "tmux(1).%0" : "";
  const host = from === "-" ? local : from;
  return { type: "user_process", pid: Deno.pid, user: username, line: tty, host, seconds: login };
}

/** A host: its exporter, its records, and its sessions at the end of the test. */
export interface Host {
  readonly exporter: Exporter;
  readonly path: string;
  /** Its label in Prometheus. */
  readonly instance: string;
  /** The paths of its sources that can be read, by name. */
  readonly sources: Readonly<Record<string, string>>;
  /** The time of boot, in seconds since the epoch. */
  readonly boot: number;
  readonly total: number;
  readonly users: number;
  /** The sessions that have series at the end, and those that had series before. */
  readonly sessions: readonly Session[];
  readonly ended: readonly Session[];
}

/** Two hosts with different faults. Disposing stops their exporters. */
export interface Hosts extends AsyncDisposable {
  readonly first: Host;
  readonly second: Host;
  /** Appends logins, also those of erin and frank, and {@link FAILED} to files. Gives their number. */
  readonly appendPastLogins: () => Promise<number>;
}

/** Starts an exporter for each of two hosts. The next records of the first host have the slots 7 and 8. */
export async function startHosts(dir: TempDir): Promise<Hosts> {
  await using made = new AsyncDisposableStack();
  const { path: procfs } = made.use(await mountedProcfs(dir));
  const terminals = dir.join("terminals");
  await Deno.mkdir(`${terminals}/pts`, { recursive: true });
  await succeed("mknod", `${terminals}/${USED.tty}`, "c", "1", "3");
  await succeed("touch", "-a", "-d", `@${USED.at}`, `${terminals}/${USED.tty}`);
  const webConfig = dir.join("web.yml");
  await Deno.writeTextFile(webConfig, "http_server_config: {headers: {X-Frame-Options: deny}}");

  const files = await writePastLogins(dir, {
    now: NOW,
    logins: [OLD_ALICE, ALICE, BOB, ROOT].map(recordOf),
    failedBefore: Object.keys(FAILED.first),
    lastLogins: { [ULLA.username]: ULLA.login, alice: NOW - 30 * DAY },
  });
  const flagsFor = (paths: Readonly<Record<string, string>>): readonly string[] =>
    Object.entries(paths).map(([source, path]) => `--${source}-path=${path}`);

  const start = async (
    host: Omit<Host, "exporter" | "instance">,
    records: readonly RecordFields[],
    flags: readonly string[],
  ): Promise<Host> => {
    const boot = { type: "boot_time", line: "~", user: "reboot", seconds: host.boot } as const;
    await writeUtmp(host.path, [boot, ...records]);
    const exporter = made.use(await startExporter([`--utmp-path=${host.path}`, ...flags]));
    return { ...host, exporter, instance: `127.0.0.1:${exporter.port}` };
  };
  const first = await start(
    {
      path: dir.join("first.utmp"),
      sources: { utmp: dir.join("first.utmp"), ...files.first },
      boot: Number(/^btime (\d+)$/m.exec(await succeed("cat", "/proc/stat"))?.[1]),
      ...{ total: 4, users: 3, sessions: [ALICE, OLD_ALICE, ROOT, FRANK], ended: [BOB, ERIN] },
    },
    [
      ...[ALICE, OLD_ALICE, BOB, ROOT].map(recordOf),
      { ...recordOf(session("carol", "192.0.2.9", "pts/9", NOW - DAY)), pid: NO_PROCESS },
      // No record has such a type.
      { type: 99, line: "pts/8", user: "nobody", seconds: NOW },
    ],
    [
      ...[`--path.procfs=${procfs}`, `--path.devfs=${terminals}`],
      ...[`--web.config.file=${webConfig}`, ...flagsFor(files.first)],
    ],
  );
  const second = await start(
    {
      path: dir.join("second.utmp"),
      sources: {
        utmp: dir.join("second.utmp"),
        wtmpdb: files.second.wtmpdb,
        btmp: files.second.btmp,
      },
      boot: NOW - 9 * DAY,
      ...{ total: DAVES.length, users: 1, sessions: DAVES.slice(0, MAX_SERIES), ended: [] },
    },
    DAVES.map(recordOf),
    [
      `--sessions.max-series=${MAX_SERIES}`,
      ...[`--failed-logins.max-series=${FREQUENT.length}`, ...flagsFor(files.second)],
    ],
  );
  const stack = made.move();
  return {
    first,
    second,
    appendPastLogins: () =>
      appendPastLogins(files, {
        now: NOW,
        logins: [ERIN, FRANK].map(recordOf),
        failed: FAILED,
      }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
