import { loginTimeText } from "../../lib/sessions/login_time.ts";
import { offsetText } from "../../lib/cli/time_zone.ts";
import { LAST_SECOND } from "../../lib/utmp/decode.ts";
import { assertEquals, assertMatch } from "../support/assert.ts";

const OFFSETS = [[0, "+00:00"], [60, "+01:00"], [-210, "-03:30"], [765, "+12:45"]] as const;

for (const [minutes, text] of OFFSETS) {
  Deno.test(`${minutes} minutes east of UTC are ${text}`, () => {
    assertEquals(offsetText(minutes), text);
  });
}

Deno.test("a login time is in the time zone of the process, with all digits", () => {
  const seconds = Date.UTC(2025, 6, 3, 4, 5, 59) / 1000;
  const local = new Date(seconds * 1000);
  const swedish = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short" });
  assertEquals(loginTimeText(seconds), swedish.format(local));
});

Deno.test("the first and the last second have the same form", () => {
  for (const seconds of [1, 1.999999, LAST_SECOND - 86_400]) {
    assertMatch(loginTimeText(seconds), /^\d{4}-\d\d-\d\d \d\d:\d\d$/);
  }
});
