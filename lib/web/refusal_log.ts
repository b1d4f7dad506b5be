import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { RateLimiter } from "./rate_limiter.ts";

/** How long the same refusal of an address is not logged again, in milliseconds. */
export const REPEAT_INTERVAL = 3_600_000;

/** The maximum number of refusals that are remembered for that. */
export const MAX_REMEMBERED = 100;

/** The rate limit of the log lines; the interval is in milliseconds. */
export const REFUSAL_LINES = { burst: 10, interval: 600_000 } as const;

/**
 * Logs refused clients with the reason, at level info, at most about 150 lines a day. A line has the number
 * of refusals before it that were not logged. At level debug, all refusals are logged.
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

  /** Logs a refusal, if it is new. `reason` is one of few texts. */
  note(address: string, reason: string): void {
    const refusal = JSON.stringify([address, reason]);
    const now = this.#clock.monotonic();
    const loggedAt = this.#loggedAt.get(refusal);
    const isRepeated = loggedAt !== undefined && now - loggedAt < REPEAT_INTERVAL;
    if (isRepeated || !this.#lines.allows(REFUSAL_LINES)) {
      this.#unlogged++;
      this.#log.debug("client refused", { address, reason });
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
    this.#log.info("client refused", { address, reason, ...others });
  }
}
