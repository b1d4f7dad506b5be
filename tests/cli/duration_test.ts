import { durationText } from "../../lib/cli/duration.ts";
import { assertEquals } from "../support/assert.ts";

for (
  const [seconds, text] of [
    [-5, "0s"],
    [0.9, "0s"],
    [1, "1s"],
    [59.9, "59s"],
    [60, "1m 0s"],
    [3_599, "59m 59s"],
    [3_600, "1h 0m"],
    [86_399, "23h 59m"],
    [86_400, "1d 0h"],
    [90_000_000, "1041d 16h"],
  ] as const
) {
  Deno.test(`${seconds} seconds are ${text}`, () => assertEquals(durationText(seconds), text));
}
