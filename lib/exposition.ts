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
  const remote = sessions.filter((session) => session.remote);
  const byUser = merged(sessions, ({ username }) => ({ username }), { value: one, merge: sum });
  add(SESSION_METRICS.loggedIn, single(sessions.length));
  add(
    SESSION_METRICS.sessionInfo,
    merged(sessions, infoLabels, { value: one, merge: Math.max }),
  );
  add(SESSION_METRICS.sessionCount, byUser);
  add(
    SESSION_METRICS.sessionsByIp,
    merged(remote, ({ from }) => ({ ip: from }), { value: one, merge: sum }),
  );
  add(SESSION_METRICS.users, single(byUser.length));
  add(SESSION_METRICS.sessions, sessionsByKind(sessions));
  add(
    SESSION_METRICS.loginTimestamp,
    merged(sessions, sessionLabels, { value: (session) => session.loginTime, merge: Math.max }),
  );
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

function sessionLabels(
  { username, from, tty }: Session,
): Record<"username" | "from" | "tty", string> {
  return { username, from, tty };
}

function infoLabels(
  session: Session,
): Record<"username" | "from" | "tty" | "login_time", string> {
  const { loginTime } = session;
  return {
    ...sessionLabels(session),
    login_time: loginTime === null ? NONE : localMinute(loginTime),
  };
}

/** How samples with the same labels become one. */
interface Merging {
  /** The value that a session gives; null for none. */
  readonly value: (session: Session) => number | null;
  readonly merge: (a: number, b: number) => number;
}

const one = (): number => 1;
const sum = (a: number, b: number): number => a + b;

/** One sample for each set of labels, in the order of first appearance. */
function merged<Label extends string>(
  sessions: readonly Session[],
  labelsOf: (session: Session) => Record<Label, string>,
  { value, merge }: Merging,
): readonly Sample<Label>[] {
  const samples = new Map<string, { readonly labels: Record<Label, string>; value: number }>();
  for (const session of sessions) {
    const next = value(session);
    if (next === null) continue;
    const labels = labelsOf(session);
    // Visible text has no NUL, so that no two sets of labels give the same key.
    const key = Object.values(labels).join("\0");
    const sample = samples.get(key);
    if (sample === undefined) samples.set(key, { labels, value: next });
    else sample.value = merge(sample.value, next);
  }
  return [...samples.values()];
}
