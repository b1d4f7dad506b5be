import { localMinute } from "../lib/local_minute.ts";
import { isKnownTimeZone } from "../lib/time_zone.ts";
import { LAST_SECOND } from "../lib/utmp/decode.ts";
import { assertEquals, assertMatch } from "./assert.ts";

for (
  const [value, known] of [
    ["", true],
    ["UTC", true],
    ["Europe/Berlin", true],
    [":Europe/Berlin", true],
    [":/etc/localtime", true],
    ["/usr/share/zoneinfo/Europe/Berlin", true],
    ["CET-1CEST", false],
    ["CET-1CEST,M3.5.0,M10.5.0/3", false],
    ["Nowhere/At_All", false],
    ["/some/other/file", false],
  ] as const
) {
  Deno.test(`TZ=${value} is ${known ? "known" : "not known"}`, () => {
    assertEquals(isKnownTimeZone(value), known);
  });
}

Deno.test("a minute is written in the time zone of the process, with all its digits", () => {
  const seconds = Date.UTC(2025, 6, 3, 4, 5, 59) / 1000;
  const local = new Date(seconds * 1000);
  const swedish = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short" });
  assertEquals(localMinute(seconds), swedish.format(local));
});

Deno.test("the first and the last second have the same form", () => {
  for (const seconds of [1, 1.999999, LAST_SECOND - 86_400]) {
    assertMatch(localMinute(seconds), /^\d{4}-\d\d-\d\d \d\d:\d\d$/);
  }
});
