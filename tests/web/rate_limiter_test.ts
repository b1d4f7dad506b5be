import { RateLimiter } from "../../lib/web/rate_limiter.ts";
import type { RateLimit } from "../../lib/web_config/parse.ts";
import { assertEquals } from "../support/assert.ts";
import { TestClock } from "../support/fakes.ts";

/** What golang.org/x/time/rate answers to Allow() at these times; y for true. */
const CASES:
  readonly (readonly [interval: number, burst: number, times: string, expected: string])[] = [
    [1_000, 1, "0 0 0", "y n n"],
    [1_000, 3, "0 0 0 0", "y y y n"],
    [1_000, 1, "0 999 1000 1001", "y n y n"],
    [1_000, 2, "0 0 0 1000 1000 2000", "y y n y n y"],
    [1_000, 2, "0 0 500 1000 1500 2000", "y y n y n y"],
    [1_000, 2, "0 0 10000 10000 10000", "y y y y n"],
    [100, 1, "0 50 100 150 200 1000 1000", "y n y n y y n"],
    [0.5, 1, "0 0 1 1", "y n y n"],
    [3_600_000, 5, "0 0 0 0 0 0 3599999 3600000", "y y y y y n n y"],
  ];

for (const [interval, burst, times, expected] of CASES) {
  Deno.test(`interval ${interval} ms, burst ${burst}, at ${times}: ${expected}`, () => {
    const clock = new TestClock();
    const limiter = new RateLimiter(clock);
    const allowed = times.split(" ").map(Number).map((time) => {
      clock.pass(time - clock.monotonic());
      return limiter.allows({ interval, burst }) ? "y" : "n";
    });
    assertEquals(allowed.join(" "), expected);
  });
}

Deno.test("without a limit every request is allowed", () => {
  const limiter = new RateLimiter(new TestClock());
  assertEquals(Array.from({ length: 100 }, () => limiter.allows(null)).every(Boolean), true);
});

Deno.test("a changed limit starts with a full bucket, an unchanged one does not", () => {
  const limiter = new RateLimiter(new TestClock());
  const allowed = (limit: RateLimit | null): boolean => limiter.allows(limit && { ...limit });
  const [one, two] = [{ interval: 1_000, burst: 1 }, { interval: 1_000, burst: 2 }];
  assertEquals([one, one, two, two, two].map(allowed), [true, false, true, true, false]);
  assertEquals([one, one, null, one, one].map(allowed), [true, false, true, true, false]);
});
