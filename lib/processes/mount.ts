import type { Log } from "../log.ts";
import { Deadline } from "../files/deadline.ts";

/** How long a scrape waits for what a mounted folder adds, in milliseconds. */
export const MOUNT_TIMEOUT = 2_000;

/** A mounted folder that adds to the sessions. Where it hangs they are shown without it, and one line says so. */
export class Mount<T> {
  readonly #path: string;
  readonly #log: Log;
  readonly #timeout: number;
  readonly #deadline: Deadline<T>;
  #isFailing = false;

  constructor(
    { path, log, timeout = MOUNT_TIMEOUT }: {
      readonly path: string;
      readonly log: Log;
      readonly timeout?: number;
    },
  ) {
    this.#path = path;
    this.#log = log;
    this.#timeout = timeout;
    this.#deadline = new Deadline(timeout);
  }

  /** The answer of `question`, or `nothing` where there is none in time. Never rejects. */
  async ask(question: () => Promise<T>, nothing: T): Promise<T> {
    try {
      const answer = await this.#deadline.ask(question);
      this.#note(answer.inTime ? null : `no answer in ${this.#timeout} ms`);
      return answer.inTime ? answer.value : nothing;
    } catch (error) {
      this.#note(String(error));
      return nothing;
    }
  }

  #note(error: string | null): void {
    if ((error !== null) === this.#isFailing) return;
    this.#isFailing = error !== null;
    const path = this.#path;
    if (error === null) {
      this.#log.info("a mount answers again", { path });
    } else {
      const advice = "sessions are shown without what it tells; check the mount";
      this.#log.warn("a mount does not answer", { path, error, advice });
    }
  }
}
