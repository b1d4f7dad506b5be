import {
  ALICE,
  DROPPED_LAST_LOGINS,
  FAILED,
  FRANK,
  type Host,
  type Hosts,
  LAST_LOGINS,
  OLD_ALICE,
  ROOT,
  USED,
} from "./dashboard_hosts.ts";
import { FREQUENT } from "./dashboard_past_logins.ts";
import { valueOf } from "./samples.ts";

/** An exact value, or the bounds of one that the test cannot know. */
export type Expected = number | { readonly least: number; readonly most: number };

/** A value for each set of labels, in the form of {@link labelsOf}. */
export type Answer = Readonly<Record<string, Expected>>;

/** The result of a panel: all of it, or the ten largest in any order of those that are equal. */
export type Answers = { readonly all: Answer } | { readonly tenOf: Answer };

type Labels = Readonly<Record<string, string>>;

/** The labels of a series without its name and job, sorted: `tty=pts/0 username=alice`. */
export function labelsOf(labels: Labels): string {
  return Object.entries(labels).filter(([name]) => name !== "__name__" && name !== "job")
    .map(([name, value]) => `${name}=${value}`).sort().join(" ");
}

function all(
  answers: readonly (readonly [Labels, Expected])[],
): Answers & { readonly all: Answer } {
  return { all: Object.fromEntries(answers.map(([labels, value]) => [labelsOf(labels), value])) };
}

function one(value: Expected): Answers {
  return all([[{}, value]]);
}

/** The number of sessions for each value of these labels. */
function counted(
  sessions: readonly Labels[],
  ...names: readonly string[]
): Readonly<Record<string, number>> {
  const keys = sessions.map((session) =>
    labelsOf(Object.fromEntries(names.map((name) => [name, session[name] ?? ""])))
  );
  return Object.fromEntries(keys.map((key) => [key, keys.filter((other) => other === key).length]));
}

/** An increase of this number as Prometheus extrapolates it from the few seconds that a pod exists. */
function extrapolated(increase: number): Expected {
  return { least: increase, most: increase * 2 };
}

function near(value: number, most: number): Expected {
  return { least: value - most, most: value + most };
}

function sum(values: Readonly<Record<string, number>>): number {
  return Object.values(values).reduce((sum, value) => sum + value, 0);
}

/** The expected result of each query of the row of past logins at this time. */
function pastLoginsAt(
  { first, second }: Hosts,
  { at, interval }: { readonly at: number; readonly interval: number },
): Readonly<Record<string, Answers>> {
  const perHour = (events: number): Expected => extrapolated(events * 3600 / interval);
  const perUser = (value: (login: number) => number): Answers =>
    all(LAST_LOGINS.map(({ username, login }) => [{ username }, value(login)]));
  const byAddress = [
    ...Object.entries(FAILED.first),
    ...Object.entries(FAILED.second).filter(([ip]) => FREQUENT.some((other) => other === ip)),
  ];
  return {
    // Those of erin and frank, and one at the console of the second host.
    "Logins per hour/A": all([
      [{ kind: "pty", remote: "true" }, perHour(1)],
      [{ kind: "pty", remote: "false" }, perHour(1)],
      [{ kind: "console", remote: "false" }, perHour(1)],
    ]),
    "Failed logins per hour/A": all([
      [{ instance: first.instance }, perHour(sum(FAILED.first))],
      [{ instance: second.instance }, perHour(sum(FAILED.second))],
    ]),
    "Addresses with the most failed logins/A": all(
      byAddress.map(([ip, count]) => [{ ip }, extrapolated(count)]),
    ),
    "Last logins/A": perUser((login) => login * 1000),
    "Last logins/B": perUser((login) => at - login),
  };
}

/** The expected result of each query of each panel at this time. */
export async function answersAt(
  both: Hosts,
  { at, interval, version }: {
    readonly at: number;
    readonly interval: number;
    readonly version: string;
  },
): Promise<Readonly<Record<string, Answers>>> {
  const { first, second } = both;
  const hosts = [first, second];
  const scrapes = new Map<Host, string>();
  const ages: (readonly [Labels, Expected])[] = [];
  for (const host of hosts) {
    scrapes.set(host, await host.exporter.scrape());
    for (const [source, path] of Object.entries(host.sources)) {
      const { mtime } = await Deno.stat(path);
      const age = at - (mtime?.getTime() ?? NaN) / 1000;
      ages.push([{ instance: host.instance, source }, near(age, 0.01)]);
    }
  }
  const failures = Number(
    /read_failures_total\{source="utmp",reason="missing"\} (\d+)/
      .exec(scrapes.get(second) ?? "")?.[1],
  );
  const missing = { instance: second.instance, source: "utmp", reason: "missing" };
  const perHost = (value: (host: Host) => Expected, labels: Labels = {}): Answers =>
    all(hosts.map((host) => [{ instance: host.instance, ...labels }, value(host)]));
  const labelled = ({ instance, sessions, ended }: Host, which: "present" | "seen"): Labels[] =>
    (which === "seen" ? [...sessions, ...ended] : sessions)
      .map(({ username, from, tty }) => ({ username, from, tty, instance }));
  const seen = hosts.flatMap((host) => labelled(host, "seen"));
  const perSession = (value: (login: number) => number): ReturnType<typeof all> =>
    all(
      hosts.flatMap((host) =>
        labelled(host, "present").map((labels, i) =>
          [labels, value(host.sessions[i]?.login ?? NaN)] as const
        )
      ),
    );
  const durations = perSession((login) => at - login);
  const alice = { username: "alice", from: ALICE.from, tty: ALICE.tty, instance: first.instance };
  const total = first.total + second.total;
  const users = first.users + second.users;
  return {
    "Sessions/A": one(total),
    "People/A": one(users),
    "Hosts in use/A": one(2),
    "Remote sessions/A": one(total - 1),
    "Sources unreadable/A": one(0),
    "Exporters down/A": one(0),
    "Sessions and people/A": one(total),
    "Sessions and people/B": one(users),
    "Logins and logouts/A": one(2),
    "Logins and logouts/B": one(2),
    "Current sessions/A": perSession((login) => login * 1000),
    "Current sessions/B": durations,
    "Current sessions/C": all([[alice, near(at - USED.at, 5)]]),
    "Most active users/A": { tenOf: counted(seen, "username") },
    "Most active addresses/A": { tenOf: counted(seen, "from") },
    "Most active terminals/A": { tenOf: counted(seen, "instance", "tty") },
    "Longest sessions/A": { tenOf: durations.all },
    "Sessions by kind/A": all([
      [{ kind: "pty", remote: "true" }, total - 1],
      [{ kind: "pty", remote: "false" }, 1],
    ]),
    "Sessions by host/A": perHost((host) => host.total),
    "Hosts/A": perHost((host) => host.total),
    "Hosts/B": perHost((host) => host.users),
    "Hosts/C": perHost(({ boot }) => boot * 1000),
    "Hosts/D": perHost(() => 1),
    "Hosts/E": perHost(() => 1, { version }),
    "Readable session records/A": all([
      ...hosts.flatMap(({ instance, sources }) =>
        Object.keys(sources).map((source) => [{ instance, source }, 1] as const)
      ),
      [{ instance: second.instance, source: "lastlog2" }, 0],
    ]),
    "Failed reads/A": all([
      [missing, { least: failures / interval / 2, most: failures / interval * 2 }],
      // With each scrape.
      [{ ...missing, source: "lastlog2" }, { least: 0.5, most: 2 }],
    ]),
    "Omitted/A": one(1),
    "Omitted/B": one(1),
    "Omitted/C": one(second.total - second.sessions.length),
    "Omitted/D": { all: {} },
    "Omitted/E": one(0),
    "Omitted/F": one(DROPPED_LAST_LOGINS),
    // One in wtmp, two in btmp, one in wtmpdb.
    "Omitted/G": one(4),
    "Omitted/H": one(1),
    "Duration of scrapes/A": perHost(() => ({ least: 0.0001, most: 5 })),
    "Memory/A": perHost(() => ({ least: 10e6, most: 500e6 })),
    "Longest session/A": one(at - OLD_ALICE.login),
    "Last login/A": one(FRANK.login * 1000),
    "Uptime/A": one(at - Math.max(first.boot, second.boot)),
    "Session records/A": one(1),
    "Exporter/A": one(1),
    "Sessions by user/A": all([
      [{ username: "alice" }, 2],
      [{ username: "root" }, 1],
      [{ username: "frank" }, 1],
      [{ username: "dave" }, second.total],
    ]),
    "Sessions by address/A": all([
      ...[ALICE, OLD_ALICE, ROOT].map(({ from }) => [{ ip: from }, 1] as const),
      [{ ip: "192.0.2.8" }, second.total],
    ]),
    "Records by type/A": all([
      [{ type: "boot_time" }, 2],
      [{ type: "user_process" }, 5 + second.total],
      [{ type: "dead_process" }, 2],
    ]),
    "Age of the source/A": all(ages),
    "Duration of reads/A": perHost(() => ({ least: 0.000001, most: 5 })),
    "Web configuration/A": all([[{ instance: first.instance }, 1]]),
    "CPU/A": perHost(() => ({ least: 0.000001, most: 2 })),
    "Uptime of the exporter/A": perHost((host) =>
      at - valueOf(scrapes.get(host) ?? "", "process_start_time_seconds")
    ),
    ...pastLoginsAt(both, { at, interval }),
  };
}
