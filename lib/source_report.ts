import type { Log } from "./log.ts";
import type { Observation } from "./snapshot.ts";

/**
 * Says in the log how a source is doing, once for each change: what is read at first, what went wrong,
 * and when it is over. Look after look with the same outcome says nothing.
 */
export class SourceReport {
  readonly #log: Log;
  readonly #path: string;
  /** What was logged last; null before the first look. */
  #state: string | null = null;

  constructor(log: Log, path: string) {
    this.#log = log;
    this.#path = path;
  }

  /** Takes note of the outcome of a look. */
  note(observation: Observation): void {
    const state = observation.ok ? "" : observation.failure.reason;
    if (state === this.#state) return;
    if (!observation.ok) {
      const { source, path, reason, error, advice } = observation.failure;
      this.#log.error("cannot read the sessions", { source, path, reason, error, advice });
    } else {
      const { source, sessions } = observation.snapshot;
      const message = this.#state === null ? "reading sessions" : "sessions can be read again";
      this.#log.info(message, { source, path: this.#path, sessions: sessions.length });
    }
    this.#state = state;
  }
}
