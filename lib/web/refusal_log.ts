import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { RateLimiter } from "./rate_limiter.ts";

/** How long the same refusal of the same address is not logged again, in milliseconds. */
export const REPEAT_INTERVAL = 3_600_000;

/** How many refusals are remembered for that. */
export const MAX_REMEMBERED = 100;

/** How many lines there are at once, and how long it takes until there may be one more. */
export const REFUSAL_LINES = { burst: 10, interval: 600_000 } as const;

/**
 * Logs which clients were refused and why, at info. However many clients try, there are at most about 150
 * lines a day; a line says how many refusals before it were not logged. All are logged at debug.
 */
export class RefusalLog {
  readonly #log: Log;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #lines: RateLimiter;
  /** When each refusal was logged last, in monotonic milliseconds; the oldest first. */
  readonly #loggedAt = new Map<string, number>();
  #unlogged = 0;

  constructor(log: Log, clock: Pick<Clock, "monotonic">) {
    this.#log = log;
    this.#clock = clock;
    this.#lines = new RateLimiter(clock);
  }

  /** Takes note of a refusal; `reason` is one of few texts. */
  note(address: string, reason: string): void {
    const refusal = JSON.stringify([address, reason]);
    const now = this.#clock.monotonic();
    const loggedAt = this.#loggedAt.get(refusal);
    const isRepeated = loggedAt !== undefined && now - loggedAt < REPEAT_INTERVAL;
    if (isRepeated || !this.#lines.allows(REFUSAL_LINES)) {
      this.#unlogged++;
      this.#log.debug("refused a client", { address, reason });
      return;
    }
    this.#loggedAt.delete(refusal);
    const [oldest] = this.#loggedAt.keys();
    if (this.#loggedAt.size >= MAX_REMEMBERED && oldest !== undefined) {
      this.#loggedAt.delete(oldest);
    }
    this.#loggedAt.set(refusal, now);
    const others = this.#unlogged === 0 ? {} : { not_logged_before: this.#unlogged };
    this.#unlogged = 0;
    this.#log.info("refused a client", { address, reason, ...others });
  }
}
