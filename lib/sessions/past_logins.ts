import type { HistoryRead, HistoryResult, LastLogins, Logins } from "./history.ts";
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

/**
 * The latest login of each user in all sources and in the sessions now; null if no source of last logins has been
 * read. The users are sorted by time, the latest login first.
 */
export function lastLoginsOf(
  { wtmp, wtmpdb, lastlog2 }: HistoryResult,
  sessions: readonly Session[],
): LastLogins | null {
  const sources = [dataOf(lastlog2), dataOf(wtmpdb)?.lastLogins, dataOf(wtmp)?.lastLogins]
    .filter((lastLogins) => lastLogins !== null && lastLogins !== undefined);
  if (sources.length === 0) return null;
  const latest = new Map<string, number>();
  const note = (username: string, time: number): void => {
    if (time > (latest.get(username) ?? -Infinity)) latest.set(username, time);
  };
  for (const { times } of sources) for (const [username, time] of times) note(username, time);
  for (const { username, loginTime } of sessions) if (loginTime !== null) note(username, loginTime);
  const times = new Map([...latest].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)));
  return { times, omitted: Math.max(...sources.map(({ omitted }) => omitted)) };
}
