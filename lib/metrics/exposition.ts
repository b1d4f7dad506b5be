import { SCRAPE_METRICS, SESSION_METRICS } from "./catalog.ts";
import type { DroppedLabels } from "../sessions/dropped_labels.ts";
import {
  familyOf,
  familyOfOne,
  familyWith,
  type MetricFamily,
  type Samples,
} from "./metric_family.ts";
import { seriesByIp, seriesByUser, SessionSeries } from "./session_series.ts";
import { NONE, type Session, SESSION_KINDS } from "../sessions/session.ts";
import { readsOf } from "../sessions/past_logins.ts";
import type { CollectResult } from "../sessions/collect_result.ts";
import type { VisibleSessions } from "../sessions/snapshot.ts";

/** The options of an exposition. */
export interface ExpositionOptions {
  readonly dropped: DroppedLabels;
  /** The maximum number of sessions, of users and of remote origins with series of their own. */
  readonly maxSeries: number;
}

/**
 * The families of the sessions; the same object gives the same families. Sessions with identical labels are
 * merged, because a series must be unique: an info metric is 1, counts add up, the latest login time wins.
 */
export function sessionFamilies(
  visible: VisibleSessions,
  { dropped, maxSeries }: ExpositionOptions,
): readonly MetricFamily[] {
  const sessions = inStableOrder(visible.sessions, maxSeries);
  const own = sessions.slice(0, maxSeries);
  const remote = sessions.filter(({ remote, from }) => remote && from !== NONE);
  const users = new Set(sessions.map(({ username }) => username));
  const series = new SessionSeries(own, dropped);
  const { snapshot, stale, closing, bootTime } = visible;
  const records = Object.entries(snapshot.records ?? {});
  return [
    familyOfOne(SESSION_METRICS.loggedIn, sessions.length),
    familyWith(SESSION_METRICS.sessionInfo, () => series.infos()),
    familyWith(
      SESSION_METRICS.sessionCount,
      () => seriesByUser(sessions, { dropped, maxSeries }),
    ),
    familyWith(SESSION_METRICS.sessionsByIp, () => seriesByIp(remote, { dropped, maxSeries })),
    familyOfOne(SESSION_METRICS.users, users.size),
    sessionsByKind(sessions),
    familyWith(SESSION_METRICS.loginTimestamp, () => series.loginTimes()),
    familyOfOne(SESSION_METRICS.stale, stale),
    familyOfOne(SESSION_METRICS.closing, closing),
    familyOfOne(SESSION_METRICS.bootTime, bootTime),
    familyOfOne(SESSION_METRICS.seriesDropped, sessions.length - own.length),
    familyOfOne(SESSION_METRICS.overLimit, snapshot.overLimit),
    familyOf(SESSION_METRICS.records, records.map(([type, value]) => [{ type }, value])),
    familyOfOne(SESSION_METRICS.faultyRecords, snapshot.faults),
  ];
}

/** The families that may change with each scrape: the state of each source, and idle times. */
export function scrapeFamilies(
  collected: CollectResult,
  exposition: ExpositionOptions,
): readonly MetricFamily[] {
  const { history } = collected;
  const results = [...collected.results, ...history === null ? [] : readsOf(history)];
  const read = results.filter((result) => result.ok);
  // A login changes the source, so its time would be revealed to the fraction of a second.
  const dated = exposition.dropped.has("login_time") ? [] : read;
  return [
    familyWith(SCRAPE_METRICS.idle, () => idleSeries(collected, exposition)),
    familyOf(
      SCRAPE_METRICS.sourceUp,
      results.map((
        result,
      ) => [{ source: result.ok ? result.source : result.failure.source }, Number(result.ok)]),
    ),
    familyOf(
      SCRAPE_METRICS.readDuration,
      read.map(({ source, readDuration }) => [{ source }, readDuration]),
    ),
    familyOf(
      SCRAPE_METRICS.sourceModified,
      dated.flatMap(({ source, modified }) => modified === null ? [] : [[{ source }, modified]]),
    ),
  ];
}

function idleSeries(
  { visible, idle }: CollectResult,
  { dropped, maxSeries }: ExpositionOptions,
): Samples {
  if (visible === null || idle.size === 0) return [];
  const own = inStableOrder(visible.sessions, maxSeries).slice(0, maxSeries);
  return new SessionSeries(own, dropped).idleTimes(idle);
}

/** Oldest first if some are omitted, so that the same sessions keep their series. */
function inStableOrder(sessions: readonly Session[], maxSeries: number): readonly Session[] {
  if (sessions.length <= maxSeries) return sessions;
  const byText = (a: Session, b: Session): number =>
    order(a.username, b.username) || order(a.from, b.from) || order(a.tty, b.tty);
  const time = ({ loginTime }: Session): number => loginTime ?? 0;
  return sessions.toSorted((a, b) => time(a) - time(b) || byText(a, b));
}

function order(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Every kind, remote and local, even if there is no such session. */
function sessionsByKind(sessions: readonly Session[]): MetricFamily {
  const counts = new Map(SESSION_KINDS.map((kind) => [kind, { true: 0, false: 0 }]));
  for (const { kind, remote } of sessions) {
    const count = counts.get(kind);
    if (count !== undefined) count[`${remote}`]++;
  }
  const samples = [...counts].flatMap(([kind, count]) =>
    (["true", "false"] as const).map((remote) => [{ kind, remote }, count[remote]] as const)
  );
  return familyOf(SESSION_METRICS.sessions, samples);
}
