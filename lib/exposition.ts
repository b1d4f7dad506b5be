// @ts-types="./declarations/prom_client_registry.d.ts"
import Registry from "prom-client/registry";
import { type Metric, SESSION_METRICS, SOURCE_METRICS } from "./catalog.ts";
import type { DroppedLabels } from "./dropped_labels.ts";
import { metricObject, type Sample } from "./metric_object.ts";
import { sampleMakers } from "./session_samples.ts";
import { NONE, type Session, SESSION_KINDS } from "./session.ts";
import type { Observation } from "./snapshot.ts";

/** What of an observation is shown. */
export interface Shape {
  readonly dropped: DroppedLabels;
  /** How many sessions have series of their own, and how many users and remote origins. */
  readonly maxSeries: number;
}

type Observed = Extract<Observation, { readonly ok: true }>;

type Add = <Label extends string>(
  metric: Metric<Label>,
  samples: readonly Sample<Label>[],
) => void;

/**
 * What was observed, in the text format 0.0.4: the sessions and how the look at the source went.
 *
 * The registry lives for one exposition, so no series can be lost, torn or left behind, and metrics
 * without samples are absent. Sessions that are equal in all labels are merged, as a series may stand
 * only once: an info is 1, a count is the sum, a login time the latest, an idle time the shortest.
 */
export function exposeObservation(observation: Observation, shape: Shape): Promise<string> {
  const registry = new Registry();
  const add: Add = (metric, samples) => {
    if (samples.length > 0) registry.registerMetric(metricObject(metric, () => samples));
  };
  if (observation.ok) addSessions(add, observation, shape);
  addSource(add, observation);
  return registry.metrics();
}

function addSessions(add: Add, observed: Observed, { dropped, maxSeries }: Shape): void {
  const { stale, bootTime } = observed;
  const sessions = inStableOrder(observed.sessions, maxSeries);
  const shown = sessions.slice(0, maxSeries);
  const remote = sessions.filter(({ remote, from }) => remote && from !== NONE);
  const users = new Set(sessions.map(({ username }) => username));
  const samplesOf = sampleMakers(dropped, observed.idle);
  add(SESSION_METRICS.loggedIn, single(sessions.length));
  add(SESSION_METRICS.sessionInfo, samplesOf.info(shown));
  add(SESSION_METRICS.sessionCount, samplesOf.byUser(sessions).slice(0, maxSeries));
  add(SESSION_METRICS.sessionsByIp, samplesOf.byIp(remote).slice(0, maxSeries));
  add(SESSION_METRICS.users, single(users.size));
  add(SESSION_METRICS.sessions, sessionsByKind(sessions));
  add(SESSION_METRICS.loginTimestamp, samplesOf.loginTime(shown));
  add(SESSION_METRICS.idle, samplesOf.idle(shown));
  add(SESSION_METRICS.stale, stale === null ? [] : single(stale));
  add(SESSION_METRICS.bootTime, bootTime === null ? [] : single(bootTime));
  add(SESSION_METRICS.seriesDropped, single(sessions.length - shown.length));
}

/** Oldest first where some are left out, so that those that are shown stay the same. */
function inStableOrder(sessions: readonly Session[], maxSeries: number): readonly Session[] {
  if (sessions.length <= maxSeries) return sessions;
  const text = ({ username, from, tty }: Session): string => `${username}\0${from}\0${tty}`;
  const byText = (a: Session, b: Session): number => text(a) < text(b) ? -1 : 1;
  const time = ({ loginTime }: Session): number => loginTime ?? 0;
  return sessions.toSorted((a, b) => time(a) - time(b) || byText(a, b));
}

function addSource(add: Add, observation: Observation): void {
  const source = observation.ok ? observation.look.snapshot.source : observation.failure.source;
  const labels = { source };
  add(SOURCE_METRICS.sourceUp, [{ labels, value: Number(observation.ok) }]);
  if (!observation.ok) return;
  const { snapshot, readDuration, modified } = observation.look;
  add(SOURCE_METRICS.readDuration, [{ labels, value: readDuration }]);
  add(SOURCE_METRICS.sourceModified, modified === null ? [] : [{ labels, value: modified }]);
  const counts = Object.entries(snapshot.records ?? {});
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
