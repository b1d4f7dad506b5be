// @ts-types="./declarations/prom_client_registry.d.ts"
import Registry from "prom-client/registry";
import { type Metric, SESSION_METRICS, SOURCE_METRICS } from "./catalog.ts";
import { localMinute } from "./local_minute.ts";
import { metricObject, type Sample } from "./metric_object.ts";
import { NONE, type Session, SESSION_KINDS } from "./session.ts";
import type { Observation, Snapshot } from "./snapshot.ts";

/**
 * What was observed, in the text format 0.0.4: the sessions and how the look at the source went.
 *
 * The registry lives for one exposition, so no series can be lost, torn or left behind, and metrics
 * without samples are absent. Labels and values that are equal in all labels are merged, as a series may
 * stand only once: an info is 1, a count is the sum, a login time the latest.
 */
export function exposeObservation(observation: Observation): Promise<string> {
  const registry = new Registry();
  const add = <Label extends string>(
    metric: Metric<Label>,
    samples: readonly Sample<Label>[],
  ): void => {
    if (samples.length > 0) registry.registerMetric(metricObject(metric, () => samples));
  };
  if (observation.ok) addSessions(add, observation.snapshot);
  addSource(add, observation);
  return registry.metrics();
}

type Add = <Label extends string>(
  metric: Metric<Label>,
  samples: readonly Sample<Label>[],
) => void;

function addSessions(add: Add, { sessions, bootTime }: Snapshot): void {
  const users = merged(sessions, BY_USER);
  add(SESSION_METRICS.loggedIn, single(sessions.length));
  add(SESSION_METRICS.sessionInfo, merged(sessions, INFO));
  add(SESSION_METRICS.sessionCount, users);
  add(SESSION_METRICS.sessionsByIp, merged(sessions.filter(({ remote }) => remote), BY_IP));
  add(SESSION_METRICS.users, single(users.length));
  add(SESSION_METRICS.sessions, sessionsByKind(sessions));
  add(SESSION_METRICS.loginTimestamp, merged(sessions, LOGIN_TIME));
  add(SESSION_METRICS.bootTime, bootTime === null ? [] : single(bootTime));
}

function addSource(add: Add, observation: Observation): void {
  const source = observation.ok ? observation.snapshot.source : observation.failure.source;
  const labels = { source };
  add(SOURCE_METRICS.sourceUp, [{ labels, value: Number(observation.ok) }]);
  if (!observation.ok) return;
  const { snapshot, readDuration, modified } = observation;
  add(SOURCE_METRICS.readDuration, [{ labels, value: readDuration }]);
  add(SOURCE_METRICS.sourceModified, modified === null ? [] : [{ labels, value: modified }]);
  const counts = Object.entries(snapshot.records);
  add(SOURCE_METRICS.records, counts.map(([type, value]) => ({ labels: { type }, value })));
  add(SOURCE_METRICS.faultyRecords, single(snapshot.faults));
}

function single(value: number): readonly Sample<never>[] {
  return [{ labels: {}, value }];
}

/** Every kind, remote and not, 0 included. */
function sessionsByKind(sessions: readonly Session[]): readonly Sample<"kind" | "remote">[] {
  const samples = SESSION_KINDS.flatMap((kind) =>
    [true, false].map((remote) => ({ labels: { kind, remote: String(remote) }, value: 0 }))
  );
  for (const { kind, remote } of sessions) {
    const index = SESSION_KINDS.indexOf(kind) * 2 + (remote ? 0 : 1);
    const sample = samples[index];
    if (sample !== undefined) sample.value++;
  }
  return samples;
}

/** How sessions become samples, and samples with the same labels one. */
interface Merging<Label extends string> {
  /** The same text for the same labels only. Visible text has no NUL, so NUL may separate its parts. */
  readonly key: (session: Session) => string;
  readonly labels: (session: Session) => Record<Label, string>;
  /** The value that a session gives; null for none. */
  readonly value: (session: Session) => number | null;
  readonly merge: (a: number, b: number) => number;
}

const COUNTED = { value: () => 1, merge: (a: number, b: number) => a + b } as const;

const BY_USER: Merging<"username"> = {
  key: ({ username }) => username,
  labels: ({ username }) => ({ username }),
  ...COUNTED,
};

const BY_IP: Merging<"ip"> = {
  key: ({ from }) => from,
  labels: ({ from }) => ({ ip: from }),
  ...COUNTED,
};

const LOGIN_TIME: Merging<"username" | "from" | "tty"> = {
  key: ({ username, from, tty }) => `${username}\0${from}\0${tty}`,
  labels: ({ username, from, tty }) => ({ username, from, tty }),
  value: ({ loginTime }) => loginTime,
  merge: Math.max,
};

const INFO: Merging<"username" | "from" | "tty" | "login_time"> = {
  key: (session) => `${LOGIN_TIME.key(session)}\0${minuteOf(session)}`,
  labels: (session) => ({ ...LOGIN_TIME.labels(session), login_time: minuteOf(session) }),
  value: () => 1,
  merge: Math.max,
};

function minuteOf({ loginTime }: Session): string {
  return loginTime === null ? NONE : localMinute(loginTime);
}

/** One sample for each set of labels, in the order of first appearance. */
function merged<Label extends string>(
  sessions: readonly Session[],
  { key, labels, value, merge }: Merging<Label>,
): readonly Sample<Label>[] {
  const samples = new Map<string, { readonly labels: Record<Label, string>; value: number }>();
  for (const session of sessions) {
    const next = value(session);
    if (next === null) continue;
    const name = key(session);
    const sample = samples.get(name);
    if (sample === undefined) samples.set(name, { labels: labels(session), value: next });
    else sample.value = merge(sample.value, next);
  }
  return [...samples.values()];
}
