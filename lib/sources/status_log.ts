import type { Log } from "../log.ts";
import { LogOnChange } from "../log_on_change.ts";
import { type ReadResult, SOURCE_NAMES, type SourcesResult } from "../sessions/snapshot.ts";
import type { UserFilter } from "../sessions/user_filter.ts";

/** Logs each change in the state of a source: read, failed, or missing after it was read. */
export class StatusLog {
  readonly #log: Log;
  /** Sessions of excluded users are not counted. */
  readonly #filter: UserFilter;
  /** The state of each source: `read`, the reason of its failure, or null for one that is not reported. */
  readonly #states = new Map<string, LogOnChange<string | null>>(
    SOURCE_NAMES.map((source) => [source, new LogOnChange<string | null>(null)]),
  );

  constructor(log: Log, filter: UserFilter) {
    this.#log = log;
    this.#filter = filter;
  }

  /** Logs what changed since the last call. */
  note({ results, missing }: Pick<SourcesResult, "results" | "missing">): void {
    for (const result of results) {
      const { source } = result.ok ? result : result.failure;
      const state = result.ok ? "read" : result.failure.reason;
      this.#states.get(source)?.update(state, (previous) => this.#logResult(result, previous));
    }
    for (const { source, path, error, advice } of missing) {
      this.#states.get(source)?.update(null, () => {
        this.#log.warn("a source is missing; the other is read", { source, path, error, advice });
      });
    }
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
