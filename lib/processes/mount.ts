import { Timeout } from "../files/timeout.ts";
import type { Log } from "../log.ts";
import { LogOnChange } from "../log_on_change.ts";

/** How long a scrape waits for a mounted directory, in milliseconds. */
export const MOUNT_TIMEOUT = 2_000;

/** A mounted directory with optional details of the sessions. They are omitted while it hangs or fails. */
export class Mount<T> {
  readonly #path: string;
  readonly #log: Log;
  readonly #timeout: Timeout<T>;
  readonly #isFailing = new LogOnChange(false);

  constructor(
    { path, log, milliseconds = MOUNT_TIMEOUT }: {
      readonly path: string;
      readonly log: Log;
      readonly milliseconds?: number;
    },
  ) {
    this.#path = path;
    this.#log = log;
    this.#timeout = new Timeout(milliseconds);
  }

  /** The value of `operation`, or `fallback` if it takes too long or rejects. Never rejects. */
  async read(operation: () => Promise<T>, fallback: T): Promise<T> {
    const path = this.#path;
    const read = await this.#timeout.run(operation);
    this.#isFailing.update(!read.ok, () => {
      if (read.ok) return this.#log.info("the mount responds again", { path });
      const { error } = read;
      const advice = "sessions are shown without details from this mount; check the mount";
      this.#log.warn("the mount does not respond", { path, error, advice });
    });
    return read.ok ? read.value : fallback;
  }
}
