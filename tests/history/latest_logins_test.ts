import { LatestLogins } from "../../lib/history/latest_logins.ts";
import { assertEquals } from "../support/assert.ts";

Deno.test("the latest login of each user counts, whatever the order", () => {
  const latest = new LatestLogins();
  for (const [username, time] of [["ann", 5], ["bob", 7], ["ann", 9], ["bob", 3]] as const) {
    latest.add(username, time);
  }
  assertEquals(latest.result(), { times: new Map([["ann", 9], ["bob", 7]]), omitted: 0 });
});

Deno.test("users above the limit are counted once each, and known ones still change", () => {
  const latest = new LatestLogins(2);
  for (const [i, username] of ["ann", "bob", "cyd", "cyd", "dan", "ann"].entries()) {
    latest.add(username, i + 1);
  }
  assertEquals(latest.result(), { times: new Map([["ann", 6], ["bob", 2]]), omitted: 2 });
});

Deno.test("the names above the limit are bounded too", () => {
  const latest = new LatestLogins(2);
  for (let i = 0; i < 10; i++) latest.add(`user${i}`, 1);
  assertEquals(latest.result().omitted, 2);
});

Deno.test("a result does not change with later logins", () => {
  const latest = new LatestLogins();
  const { times } = latest.result();
  latest.add("ann", 1);
  assertEquals(times.size, 0);
});
