import {
  MAX_REMEMBERED,
  REFUSAL_LINES,
  RefusalLog,
  REPEAT_INTERVAL,
} from "../../lib/web/refusal_log.ts";
import type { LevelName } from "../../lib/log.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { keptLog, TestClock } from "../support/fakes.ts";

/** A log of refusals, and its messages. */
class Fixture {
  readonly clock = new TestClock();
  readonly refusals: RefusalLog;
  readonly messages: () => readonly string[];

  constructor(level: LevelName = "info") {
    const { log, messages } = keptLog(level);
    this.refusals = new RefusalLog(log, this.clock);
    this.messages = messages;
  }
}

Deno.test("each address and each reason is logged", () => {
  const { refusals, messages } = new Fixture();
  refusals.note("192.0.2.7", "no certificate");
  refusals.note("192.0.2.8", "no certificate");
  refusals.note("192.0.2.7", "b");
  assertEquals(messages(), [
    '"client refused" address=192.0.2.7 reason="no certificate"',
    '"client refused" address=192.0.2.8 reason="no certificate"',
    '"client refused" address=192.0.2.7 reason=b',
  ]);
});

Deno.test("the same refusal is logged again after the interval, with the number of omitted ones", () => {
  const { refusals, clock, messages } = new Fixture();
  const refuse = (times: number): void => {
    for (let i = 0; i < times; i++) refusals.note("192.0.2.7", "a");
  };
  refuse(100);
  clock.pass(REPEAT_INTERVAL - 1);
  refuse(1);
  assertEquals(messages().length, 1);
  for (const pause of [1, REPEAT_INTERVAL]) {
    clock.pass(pause);
    refuse(50);
  }
  const line = '"client refused" address=192.0.2.7 reason=a not_logged_before=';
  assertEquals(messages().slice(1), [`${line}100`, `${line}49`]);
});

Deno.test("the number of log lines and the memory are limited for any number of addresses", () => {
  const { refusals, clock, messages } = new Fixture();
  const day = 86_400_000;
  for (let i = 0; i < 100_000; i++) {
    refusals.note(`192.0.2.${i}`, "a");
    clock.pass(day / 100_000);
  }
  const most = REFUSAL_LINES.burst + day / REFUSAL_LINES.interval;
  assert(messages().length <= most && messages().length >= most - 1, `${messages().length}`);
});

Deno.test("the latest refusals are remembered", () => {
  const { refusals, clock, messages } = new Fixture();
  for (let i = 0; i <= MAX_REMEMBERED; i++) {
    refusals.note(`192.0.2.${i}`, "a");
    clock.pass(Math.max(REPEAT_INTERVAL / (MAX_REMEMBERED * 2), REFUSAL_LINES.interval));
  }
  assertEquals(messages().length, MAX_REMEMBERED + 1);
  refusals.note(`192.0.2.${MAX_REMEMBERED}`, "a");
  assertEquals(messages().length, MAX_REMEMBERED + 1);
});

Deno.test("at debug each refusal is logged", () => {
  const { refusals, messages } = new Fixture("debug");
  for (let i = 0; i < 3; i++) refusals.note("192.0.2.7", "a");
  assertEquals(messages().length, 3);
});
