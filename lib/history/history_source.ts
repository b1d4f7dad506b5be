import type { HistoryRead } from "../sessions/history.ts";

/** How a source of past logins is read. */
export interface HistoryReadOptions {
  /** Whether to wait for the end of a pass over a large file. Otherwise it goes on between reads. */
  readonly waits: boolean;
}

/** A source of past logins. */
export interface HistorySource<Data> {
  /** Reads what was added since the last read. Never rejects. */
  readonly read: (options: HistoryReadOptions) => Promise<HistoryRead<Data>>;
}
