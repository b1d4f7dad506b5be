import type { HistoryResult } from "./history.ts";
import type { Session } from "./session.ts";
import type { ReadResult, VisibleSessions } from "./snapshot.ts";

/** The data of a scrape: the results of the sources, and the sessions. */
export interface CollectResult {
  readonly results: readonly ReadResult[];
  /** Null if no source could be read. */
  readonly visible: VisibleSessions | null;
  /** Seconds since the last input on the terminal of a session; no entry if not known. */
  readonly idle: ReadonlyMap<Session, number>;
  /** Past logins; null if no source of them is configured. */
  readonly history: HistoryResult | null;
}
