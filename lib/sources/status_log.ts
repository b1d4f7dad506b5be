import type { Log } from "../log.ts";
import type { ReadResult, SourceName, SourcesResult } from "../sessions/snapshot.ts";
import type { UserFilter } from "../sessions/user_filter.ts";

/**
 * Says in the log how each source is doing, once for each change: that it is read, why it cannot be, when
 * that is over, and that it is missing after it was read. ReadResult after look with the same outcome says
 * nothing.
 */
export class StatusLog {
  readonly #log: Log;
  /** Sessions of excluded users are not counted. */
  readonly #filter: UserFilter;
  /** How each source was, `read` or the reason of its failure. A source that says nothing has no entry. */
  #states: ReadonlyMap<SourceName, string> = new Map();

  constructor(log: Log, filter: UserFilter) {
    this.#log = log;
    this.#filter = filter;
  }

  /** Takes note of a reading. */
  note({ results, missing }: Pick<SourcesResult, "results" | "missing">): void {
    const states = new Map(results.map((result) => [sourceOf(result), stateOf(result)]));
    for (const result of results) {
      const before = this.#states.get(sourceOf(result));
      if (before !== stateOf(result)) this.#logChange(result, before);
    }
    for (const { source, path, error, advice } of missing) {
      if (!this.#states.has(source)) continue;
      this.#log.warn("a source is missing; the other is read", { source, path, error, advice });
    }
    this.#states = states;
  }

  #logChange(result: ReadResult, before: string | undefined): void {
    if (result.ok) {
      const { source, path, snapshot } = result;
      const sessions = snapshot.sessions.filter(({ username }) => this.#filter(username));
      const message = before === undefined ? "reading sessions" : "sessions can be read again";
      this.#log.info(message, { source, path, sessions: sessions.length });
    } else {
      const { source, path, reason, error, advice } = result.failure;
      this.#log.error("cannot read the sessions", { source, path, reason, error, advice });
    }
  }
}

function sourceOf(result: ReadResult): SourceName {
  return result.ok ? result.source : result.failure.source;
}

function stateOf(result: ReadResult): string {
  return result.ok ? "read" : result.failure.reason;
}
