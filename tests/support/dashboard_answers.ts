import {
  ALICE,
  BOB,
  DAVES,
  ERIN,
  FRANK,
  type Host,
  type Hosts,
  type Known,
  OLD_ALICE,
  ROOT,
  SHOWN,
  USED,
} from "./dashboard_hosts.ts";
import { valueOf } from "./samples.ts";

/** A value that must be met exactly, or the bounds of one that no script can know. */
export type Expected = number | { readonly least: number; readonly most: number };

/** The value for each set of labels, as {@link labelsOf} writes them. */
export type Answer = Readonly<Record<string, Expected>>;

/** What a panel answers: all of it, or the ten largest, whichever of those that are equal. */
export type Answers = { readonly all: Answer } | { readonly tenOf: Answer };

/** The labels of a series but those that all have, sorted: `tty=pts/0 username=alice`. */
export function labelsOf(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels).filter(([name]) => name !== "__name__" && name !== "job")
    .map(([name, value]) => `${name}=${value}`).sort().join(" ");
}

interface Placed extends Known {
  readonly instance: string;
}

/** The sessions at the end of the test, and those that were seen in it. */
function sessionsOf({ first, second }: Hosts): Readonly<Record<"now" | "seen", readonly Placed[]>> {
  const on = ({ instance }: Host, sessions: readonly Known[]): readonly Placed[] =>
    sessions.map((session) => ({ ...session, instance }));
  const now = [
    ...on(first, [ALICE, OLD_ALICE, ROOT, FRANK]),
    ...on(second, DAVES.slice(0, SHOWN)),
  ];
  return { now, seen: [...now, ...on(first, [BOB, ERIN])] };
}

function each(sessions: readonly Placed[], value: (session: Placed) => Expected): Answer {
  return Object.fromEntries(sessions.map((session) => {
    const { username, from, tty, instance } = session;
    return [labelsOf({ username, from, tty, instance }), value(session)];
  }));
}

function counted(
  sessions: readonly Placed[],
  ...names: readonly (keyof Placed)[]
): Record<string, number> {
  const keys = sessions.map((session) =>
    labelsOf(Object.fromEntries(names.map((name) => [name, `${session[name]}`])))
  );
  return Object.fromEntries(keys.map((key) => [key, keys.filter((other) => other === key).length]));
}

/** The answers for sets of labels. */
function all(
  answers: readonly (readonly [Readonly<Record<string, string>>, Expected])[],
): Answers {
  return { all: Object.fromEntries(answers.map(([labels, value]) => [labelsOf(labels), value])) };
}

function one(value: Expected): Answers {
  return { all: { "": value } };
}

function near(value: number, most = 5): Expected {
  return { least: value - most, most: value + most };
}

/** What the script knows that each query of each panel has to answer at this time. */
export async function answersAt(
  hosts: Hosts,
  { at, interval, version }: {
    readonly at: number;
    readonly interval: number;
    readonly version: string;
  },
): Promise<Readonly<Record<string, Answers>>> {
  const { first, second } = hosts;
  const { now, seen } = sessionsOf(hosts);
  const total = 4 + DAVES.length;
  const ofBoth = (value: (host: Host) => Expected, labels: Record<string, string> = {}): Answers =>
    all([first, second].map((host) => [{ instance: host.instance, ...labels }, value(host)]));
  const scrapes = new Map<Host, string>();
  const modified = new Map<Host, number>();
  for (const host of [first, second]) {
    scrapes.set(host, await host.exporter.scrape());
    modified.set(host, ((await Deno.stat(host.path)).mtime?.getTime() ?? NaN) / 1000);
  }
  const failures = Number(
    /read_failures_total\{source="utmp",reason="missing"\} (\d+)/.exec(scrapes.get(second) ?? "")
      ?.[1],
  );
  const duration = each(now, ({ login }) => at - login);
  const alice = { username: "alice", from: ALICE.from, tty: ALICE.tty, instance: first.instance };
  return {
    "Sessions/A": one(total),
    "People/A": one(4),
    "Hosts in use/A": one(2),
    "Remote sessions/A": one(3 + DAVES.length),
    "Sources unreadable/A": one(0),
    "Exporters down/A": one(0),
    "Sessions and people/A": one(total),
    "Sessions and people/B": one(4),
    "Logins and logouts/A": one(2),
    "Logins and logouts/B": one(2),
    "Current sessions/A": { all: each(now, ({ login }) => login * 1000) },
    "Current sessions/B": { all: duration },
    "Current sessions/C": all([[alice, near(at - USED.at)]]),
    "Most active users/A": { tenOf: counted(seen, "username") },
    "Most active addresses/A": { tenOf: counted(seen, "from") },
    "Most active terminals/A": { tenOf: counted(seen, "instance", "tty") },
    "Longest sessions/A": { tenOf: duration },
    "Sessions by kind/A": all([
      [{ kind: "pty", remote: "true" }, 3 + DAVES.length],
      [{ kind: "pty", remote: "false" }, 1],
    ]),
    "Sessions by host/A": ofBoth((host) => host === first ? 4 : DAVES.length),
    "Hosts/A": ofBoth((host) => host === first ? 4 : DAVES.length),
    "Hosts/B": ofBoth((host) => host === first ? 3 : 1),
    "Hosts/C": ofBoth(({ boot }) => boot * 1000),
    "Hosts/D": ofBoth(() => 1),
    "Hosts/E": ofBoth(() => 1, { version }),
    "Readable session records/A": ofBoth(() => 1, { source: "utmp" }),
    "Failed reads/A": all([
      [{ instance: second.instance, source: "utmp", reason: "missing" }, {
        least: failures / interval / 2,
        most: failures / interval * 2,
      }],
    ]),
    "Omitted/A": one(1),
    "Omitted/B": one(1),
    "Omitted/C": one(DAVES.length - SHOWN),
    "Omitted/D": { all: {} },
    "Omitted/E": one(0),
    "Duration of scrapes/A": ofBoth(() => ({ least: 0.0001, most: 5 })),
    "Memory/A": ofBoth(() => ({ least: 10e6, most: 500e6 })),
    "Longest session/A": one(at - OLD_ALICE.login),
    "Last login/A": one(FRANK.login * 1000),
    "Uptime/A": one(at - Math.max(first.boot, second.boot)),
    "Session records/A": one(1),
    "Exporter/A": one(1),
    "Sessions by user/A": all([
      [{ username: "alice" }, 2],
      [{ username: "root" }, 1],
      [{ username: "frank" }, 1],
      [{ username: "dave" }, DAVES.length],
    ]),
    "Sessions by address/A": all([
      ...[ALICE, OLD_ALICE, ROOT].map(({ from }) => [{ ip: from }, 1] as const),
      [{ ip: "192.0.2.8" }, DAVES.length],
    ]),
    "Records by type/A": all([
      [{ type: "boot_time" }, 2],
      [{ type: "user_process" }, 5 + DAVES.length],
      [{ type: "dead_process" }, 2],
    ]),
    "Age of the source/A": ofBoth((host) => near(at - (modified.get(host) ?? NaN), 0.01), {
      source: "utmp",
    }),
    "Duration of reads/A": ofBoth(() => ({ least: 0.000001, most: 5 })),
    "Web configuration/A": all([[{ instance: first.instance }, 1]]),
    "CPU/A": ofBoth(() => ({ least: 0.000001, most: 2 })),
    "Uptime of the exporter/A": ofBoth((host) =>
      at - valueOf(scrapes.get(host) ?? "", "process_start_time_seconds")
    ),
  };
}
