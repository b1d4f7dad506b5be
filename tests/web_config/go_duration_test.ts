import { parseGoDuration } from "../../lib/web_config/go_duration.ts";
import { assertEquals } from "../support/assert.ts";

const MILLISECONDS = {
  ...{ "0": 0, "-0": 0, "0s": 0, "1s": 1_000, "+1s": 1_000, "-1s": -1_000, "100ms": 100 },
  ...{ "1m30s": 90_000, "30s1m": 90_000, "1h1m1s1ms": 3_661_001 },
  ...{ "1.5h": 5_400_000, ".5s": 500, "1.s": 1_000, "2562047h": 2_562_047 * 3_600_000 },
  ...{ "1us": 0.001, "1µs": 0.001, "1μs": 0.001, "1ns": 1e-6 },
};

for (const [text, expected] of Object.entries(MILLISECONDS)) {
  Deno.test(`duration ${text}: ${expected} ms`, () =>
    assertEquals(parseGoDuration(text), expected));
}

const INVALID = "1 00 1d --1s - .s 1e3s 1S s 1s1 2562048h".split(" ");

for (const text of [...INVALID, "", "- 1s", "1 s", " 1s", "1s ", `${"9".repeat(400)}h`]) {
  Deno.test(`duration ${JSON.stringify(text.slice(0, 20))} is invalid`, () => {
    assertEquals(parseGoDuration(text), null);
  });
}
