import type { Log } from "./log.ts";
import type { Look, SourceName } from "./snapshot.ts";

/**
 * Says in the log how the sources are doing, once for each change: what is read at first, when another
 * source is taken, what went wrong, and when it is over. Look after look with the same outcome says nothing.
 */
export class SourceReport {
  readonly #log: Log;
  /** The source that was read last; null before the first. */
  #source: SourceName | null = null;
  /** What failed last; empty while all is well. */
  #failure = "";
  /** Why a source was passed over last; empty while none is. */
  #passedOver = "";

  constructor(log: Log) {
    this.#log = log;
  }

  /** Takes note of the outcome of a look. */
  note(look: Look): void {
    this.#notePassedOver(look);
    if (!look.ok) {
      const { source, path, reason, error, advice } = look.failure;
      const failure = `${source} ${reason}`;
      if (failure === this.#failure) return;
      this.#failure = failure;
      this.#log.error("cannot read the sessions", { source, path, reason, error, advice });
      return;
    }
    const { snapshot: { source, sessions }, path } = look;
    const message = this.#messageFor(source);
    if (message !== null) this.#log.info(message, { source, path, sessions: sessions.length });
    this.#failure = "";
    this.#source = source;
  }

  #notePassedOver({ passedOver }: Look): void {
    const failure = passedOver?.reason ?? "";
    if (failure === this.#passedOver) return;
    this.#passedOver = failure;
    if (passedOver === undefined) {
      this.#log.info("no source is passed over any more");
    } else {
      const { source, path, reason, error, advice } = passedOver;
      this.#log.error("a source is passed over", { source, path, reason, error, advice });
    }
  }

  /** What there is to say of a look that succeeded; null when nothing. */
  #messageFor(source: SourceName): string | null {
    if (this.#source !== null && this.#source !== source) {
      return "sessions come from another source";
    }
    if (this.#failure !== "") return "sessions can be read again";
    return this.#source === null ? "reading sessions" : null;
  }
}
