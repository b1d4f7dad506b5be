import {
  MAX_REMEMBERED,
  REFUSAL_LINES,
  RefusalLog,
  REPEAT_INTERVAL,
} from "../../lib/web/refusal_log.ts";
import type { LevelName } from "../../lib/log.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { keptLog, TestClock } from "../support/fakes.ts";

interface Fixture {
  readonly refusals: RefusalLog;
  readonly clock: TestClock;
  readonly messages: () => readonly string[];
}

function fixture(level: LevelName = "info"): Fixture {
  const { log, messages } = keptLog(level);
  const clock = new TestClock();
  return { refusals: new RefusalLog(log, clock), clock, messages };
}

Deno.test("a refusal is logged with its address and reason", () => {
  const { refusals, messages } = fixture();
  refusals.note("192.0.2.7", "no certificate");
  assertEquals(messages(), [
    '"client refused" address=192.0.2.7 reason="no certificate"',
  ]);
});

Deno.test("the same refusal is logged again after the interval, with the number of omitted ones", () => {
  const { refusals, clock, messages } = fixture();
  for (let i = 0; i < 100; i++) refusals.note("192.0.2.7", "a");
  clock.pass(REPEAT_INTERVAL - 1);
  refusals.note("192.0.2.7", "a");
  assertEquals(messages().length, 1);
  clock.pass(1);
  for (let i = 0; i < 100; i++) refusals.note("192.0.2.7", "a");
  assertEquals(messages().slice(1), [
    '"client refused" address=192.0.2.7 reason=a not_logged_before=100',
  ]);
});

Deno.test("a different address or reason is logged separately", () => {
  const { refusals, messages } = fixture();
  refusals.note("192.0.2.7", "a");
  refusals.note("192.0.2.8", "a");
  refusals.note("192.0.2.7", "b");
  assertEquals(messages().length, 3);
});

Deno.test("the number of log lines and the memory are limited for any number of addresses", () => {
  const { refusals, clock, messages } = fixture();
  const day = 86_400_000;
  const each = day / 100_000;
  for (let i = 0; i < 100_000; i++) {
    refusals.note(`192.0.2.${i}`, "a");
    clock.pass(each);
  }
  const most = REFUSAL_LINES.burst + day / REFUSAL_LINES.interval;
  assert(messages().length <= most && messages().length >= most - 1, `${messages().length}`);
});

Deno.test("the latest refusals are remembered", () => {
  const { refusals, clock, messages } = fixture();
  const pause = REPEAT_INTERVAL / (MAX_REMEMBERED * 2);
  for (let i = 0; i <= MAX_REMEMBERED; i++) {
    refusals.note(`192.0.2.${i}`, "a");
    clock.pass(Math.max(pause, REFUSAL_LINES.interval));
  }
  const before = messages().length;
  assertEquals(before, MAX_REMEMBERED + 1);
  refusals.note(`192.0.2.${MAX_REMEMBERED}`, "a");
  assertEquals(messages().length, before);
});

Deno.test("at debug each refusal is logged", () => {
  const { refusals, messages } = fixture("debug");
  for (let i = 0; i < 3; i++) refusals.note("192.0.2.7", "a");
  assertEquals(messages().length, 3);
});
