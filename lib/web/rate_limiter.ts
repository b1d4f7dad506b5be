import type { Clock } from "../clock.ts";
import type { RateLimit } from "../web_config/parse.ts";

/**
 * A token bucket, as in golang.org/x/time/rate: `burst` tokens at first, and one more for each `interval`.
 * Without a limit every request is allowed.
 */
export class RateLimiter {
  readonly #clock: Pick<Clock, "monotonic">;
  #limit: RateLimit | null = null;
  #tokens = 0;
  #at = 0;

  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  /** Takes a token, if there is one. A changed limit starts with a full bucket. */
  allows(limit: RateLimit | null): boolean {
    const now = this.#clock.monotonic();
    const isSame = limit?.interval === this.#limit?.interval && limit?.burst === this.#limit?.burst;
    if (limit === null || !isSame) {
      this.#limit = limit;
      this.#tokens = limit?.burst ?? 0;
      this.#at = now;
      if (limit === null) return true;
    }
    this.#tokens = Math.min(limit.burst, this.#tokens + (now - this.#at) / limit.interval);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
