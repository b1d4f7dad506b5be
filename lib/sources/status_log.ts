import type { Log } from "../log.ts";
import { LogOnChange } from "../log_on_change.ts";
import type { HistoryRead } from "../sessions/history.ts";
import type { ReadFailure, ReadResult, SourcesResult } from "../sessions/snapshot.ts";
import type { UserFilter } from "../sessions/user_filter.ts";

/** Logs each change in the state of a source: read, failed, or missing after it was read. */
export class StatusLog {
  readonly #log: Log;
  /** Sessions of excluded users are not counted. */
  readonly #filter: UserFilter;
  /** The state of each source: `read`, the reason of its failure, or null for one that is not reported. */
  readonly #states = new Map<ReadFailure["source"], LogOnChange<string | null>>();

  constructor(log: Log, filter: UserFilter) {
    this.#log = log;
    this.#filter = filter;
  }

  /** Logs what changed since the last call. */
  note({ results, missing }: Pick<SourcesResult, "results" | "missing">): void {
    for (const result of results) {
      const { source } = result.ok ? result : result.failure;
      const state = result.ok ? "read" : result.failure.reason;
      this.#stateOf(source).update(state, (previous) => this.#logResult(result, previous));
    }
    for (const { source, path, error, advice } of missing) {
      this.#stateOf(source).update(null, () => {
        this.#log.warn("a source is missing; the other is read", { source, path, error, advice });
      });
    }
  }

  /** Logs what changed since the last call in the sources of past logins. */
  noteHistory(reads: readonly HistoryRead<unknown>[]): void {
    for (const read of reads) {
      const state = read.ok ? "read" : read.failure.reason;
      const { source, path } = read.ok ? read : read.failure;
      this.#stateOf(source).update(state, (previous) => {
        if (read.ok) {
          const message = previous === null
            ? "reading past logins"
            : "past logins can be read again";
          this.#log.info(message, { source, path });
        } else {
          const { reason, error, advice } = read.failure;
          this.#log.error("cannot read past logins", { source, path, reason, error, advice });
        }
      });
    }
  }

  #stateOf(source: ReadFailure["source"]): LogOnChange<string | null> {
    const state = this.#states.get(source) ?? new LogOnChange<string | null>(null);
    this.#states.set(source, state);
    return state;
  }

  #logResult(result: ReadResult, previous: string | null): void {
    if (result.ok) {
      const { source, path, snapshot } = result;
      const sessions = snapshot.sessions.filter(({ username }) => this.#filter(username));
      const message = previous === null ? "reading sessions" : "sessions can be read again";
      this.#log.info(message, { source, path, sessions: sessions.length });
    } else {
      const { source, path, reason, error, advice } = result.failure;
      this.#log.error("cannot read the sessions", { source, path, reason, error, advice });
    }
  }
}
