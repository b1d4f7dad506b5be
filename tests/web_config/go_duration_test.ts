import { parseGoDuration } from "../../lib/web_config/go_duration.ts";
import { assertEquals } from "../support/assert.ts";

for (
  const [text, expected] of [
    ["0", 0],
    ["0s", 0],
    ["1s", 1_000],
    ["100ms", 100],
    ["1m30s", 90_000],
    ["1h1m1s1ms", 3_661_001],
    ["1.5h", 5_400_000],
    [".5s", 500],
    ["1.s", 1_000],
    ["1us", 0.001],
    ["1µs", 0.001],
    ["1μs", 0.001],
    ["1ns", 1e-6],
    ["30s1m", 90_000],
    ["2562047h", 2_562_047 * 3_600_000],
    ["2562048h", null],
    [`${"9".repeat(400)}h`, null],
    ["", null],
    ["1", null],
    ["00", null],
    ["1d", null],
    ["-1s", -1_000],
    ["+1s", 1_000],
    ["-0", 0],
    ["--1s", null],
    ["-", null],
    ["- 1s", null],
    ["1 s", null],
    [" 1s", null],
    ["1s ", null],
    [".s", null],
    ["1e3s", null],
    ["1S", null],
    ["s", null],
    ["1s1", null],
  ] as const
) {
  Deno.test(`duration ${JSON.stringify(text.slice(0, 20))}: ${expected}`, () => {
    assertEquals(parseGoDuration(text), expected);
  });
}
