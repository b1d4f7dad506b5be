import type { Log } from "./log.ts";
import type { Look, Reading, SourceName } from "./snapshot.ts";
import type { UserFilter } from "./user_filter.ts";

/**
 * Says in the log how each source is doing, once for each change: that it is read, why it cannot be, when
 * that is over, and that it is missing after it was read. Look after look with the same outcome says
 * nothing.
 */
export class SourceReport {
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
  note({ looks, missing }: Pick<Reading, "looks" | "missing">): void {
    const states = new Map(looks.map((look) => [sourceOf(look), stateOf(look)]));
    for (const look of looks) {
      const before = this.#states.get(sourceOf(look));
      if (before !== stateOf(look)) this.#logChange(look, before);
    }
    for (const { source, path, error, advice } of missing) {
      if (!this.#states.has(source)) continue;
      this.#log.warn("a source is missing; the other is read", { source, path, error, advice });
    }
    this.#states = states;
  }

  #logChange(look: Look, before: string | undefined): void {
    if (look.ok) {
      const { source, path, snapshot } = look;
      const sessions = snapshot.sessions.filter(({ username }) => this.#filter(username));
      const message = before === undefined ? "reading sessions" : "sessions can be read again";
      this.#log.info(message, { source, path, sessions: sessions.length });
    } else {
      const { source, path, reason, error, advice } = look.failure;
      this.#log.error("cannot read the sessions", { source, path, reason, error, advice });
    }
  }
}

function sourceOf(look: Look): SourceName {
  return look.ok ? look.source : look.failure.source;
}

function stateOf(look: Look): string {
  return look.ok ? "read" : look.failure.reason;
}
