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

/** What of an collected is shown. */
export interface ExpositionOptions {
  readonly dropped: DroppedLabels;
  /** How many sessions have series of their own, and how many users and remote origins. */
  readonly maxSeries: number;
}

/**
 * The sessions as families; the same for the same object. Sessions that are equal in all labels are
 * merged, as a series may stand only once: an info is 1, a count is the sum, a login time the latest.
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

/** What may be another with each look: how it went at each source, and how long nobody typed. */
export function scrapeFamilies(
  collected: CollectResult,
  exposition: ExpositionOptions,
): readonly MetricFamily[] {
  const { history } = collected;
  const results = [...collected.results, ...history === null ? [] : readsOf(history)];
  const read = results.filter((result) => result.ok);
  // A login changes the source when it happens, so its time would be told to the fraction of a second.
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

/** Oldest first where some are left out, so that those that are shown stay the same. */
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

/** Every kind, remote and not, 0 included. */
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
