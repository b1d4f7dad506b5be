import type { HistoryRead, HistoryResult, Logins } from "./history.ts";
import type { Session } from "./session.ts";

/** The results of the configured sources, without those that have not been read to their end yet. */
export function readsOf(history: HistoryResult): readonly HistoryRead<unknown>[] {
  const reads = [history.wtmp, history.btmp, history.wtmpdb, history.lastlog2];
  return reads.filter((read) => read !== null).filter((read) => !read.ok || read.data !== null);
}

/** The data of a source; null if it is not configured, cannot be read, or has not been read to its end yet. */
export function dataOf<Data>(read: HistoryRead<Data> | null): Data | null {
  return read?.ok ? read.data : null;
}

/**
 * The logins of wtmpdb if it is configured, otherwise those of wtmp, so that no login is counted twice. wtmpdb has
 * whole user names and no torn records. It is not replaced by wtmp while it cannot be read: going from one to the
 * other would look like a burst of logins.
 */
export function loginsOf({ wtmp, wtmpdb }: HistoryResult): Logins | null {
  return dataOf(wtmpdb ?? wtmp);
}

/** The users with the latest logins. */
export interface LatestUsers {
  /** Seconds since the epoch by user name, the latest login first. */
  readonly times: readonly (readonly [username: string, time: number])[];
  /** The number of all users whose login is known. */
  readonly users: number;
  /** Number of users that were left out because a source has more users than its limit. */
  readonly omitted: number;
}

/**
 * The latest login of each user in all sources and in the sessions now, of at most `limit` users; null if no source
 * of last logins has been read.
 */
export function latestUsersOf(
  { wtmp, wtmpdb, lastlog2 }: HistoryResult,
  { sessions, limit }: { readonly sessions: readonly Session[]; readonly limit: number },
): LatestUsers | null {
  const sources = [dataOf(lastlog2), dataOf(wtmpdb)?.lastLogins, dataOf(wtmp)?.lastLogins]
    .filter((lastLogins) => lastLogins !== null && lastLogins !== undefined);
  const [first, ...others] = sources;
  if (first === undefined) return null;
  const latest = new Map(first.times);
  const note = (username: string, time: number): void => {
    if (time > (latest.get(username) ?? -Infinity)) latest.set(username, time);
  };
  for (const { times } of others) for (const [username, time] of times) note(username, time);
  for (const { username, loginTime } of sessions) if (loginTime !== null) note(username, loginTime);
  const omitted = Math.max(...sources.map(({ omitted }) => omitted));
  return { times: latestOf(latest, limit), users: latest.size, omitted };
}

/** The latest times, the latest first, equal ones by name. Only these are sorted, because there can be 100,000. */
function latestOf(
  times: ReadonlyMap<string, number>,
  limit: number,
): readonly (readonly [string, number])[] {
  if (limit === 0) return [];
  const least = Float64Array.from(times.values()).sort().at(-limit) ?? -Infinity;
  const found: (readonly [string, number])[] = [];
  for (const entry of times) if (entry[1] >= least) found.push(entry);
  return found.sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, limit);
}
