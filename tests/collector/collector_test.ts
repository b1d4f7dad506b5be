import { MAX_AGE } from "../../lib/files/file_version.ts";
import { Collector, type CollectorOptions } from "../../lib/collector/collector.ts";
import type { Session } from "../../lib/sessions/session.ts";
import type { ReadFailure, Snapshot, SourcesResult } from "../../lib/sessions/snapshot.ts";
import type { ProcessFacts } from "../../lib/processes/process_checker.ts";
import { TERMINAL_GRACE } from "../../lib/processes/terminals.ts";
import { assertEquals, assertStrictEquals } from "../support/assert.ts";
import { failedResult, resultWith, snapshotWith, usersOf } from "../support/observations.ts";
import { type KeptLog, keptLog, START, TestClock } from "../support/fakes.ts";

const HOUR_AGO = START / 1000 - 3_600;
const LOCAL = { from: "-", tty: "tty1", kind: "console", remote: false } as const;

function session(username: string, values: Partial<Session> = {}): Session {
  return { username, ...LOCAL, loginTime: HOUR_AGO, pid: 1, ...values };
}

function readingOf(sessions: readonly Session[], closing: readonly Session[] = []): SourcesResult {
  const snapshot = snapshotWith({ sessions, closing });
  return { results: [resultWith(snapshot)], missing: [], snapshot };
}

const FAILED = failedResult("utmp");

interface TestCollector extends KeptLog {
  readonly collector: Collector;
  readonly clock: TestClock;
  readonly failures: ReadFailure[];
  readonly processReads: Snapshot[];
}

/** A collector that gets these readings, the last one again and again, and `facts` about processes. */
function testCollector(
  readings: readonly SourcesResult[],
  options: Partial<CollectorOptions> & { readonly facts?: Partial<ProcessFacts> } = {},
): TestCollector {
  const kept = keptLog();
  const clock = new TestClock();
  const failures: ReadFailure[] = [];
  const processReads: Snapshot[] = [];
  const { facts, ...others } = options;
  const procfs = {
    read: (snapshot: Snapshot): Promise<ProcessFacts | null> => {
      processReads.push(snapshot);
      return Promise.resolve({ stale: new Set(), lines: new Map(), bootTime: null, ...facts });
    },
  };
  let reads = 0;
  const next = (): SourcesResult => readings[reads++] ?? readings.at(-1) ?? readingOf([]);
  const collector = new Collector({
    source: { read: () => Promise.resolve(next()) },
    procfs: facts === undefined ? null : procfs,
    idleTimes: null,
    filter: () => true,
    maxSeries: 10,
    clock,
    log: kept.log,
    onFailure: (failure) => failures.push(failure),
    ...others,
  });
  return { ...kept, collector, clock, failures, processReads };
}

Deno.test("excluded users and stale sessions are not counted", async () => {
  const [ann, bob, eve] = [session("ann"), session("bob"), session("eve")];
  const { collector } = testCollector([readingOf([ann, bob, eve], [bob, eve])], {
    filter: (username) => username !== "bob",
    facts: { stale: new Set([bob, eve]), bootTime: 5 },
  });
  const { visible } = await collector.collect();
  assertEquals(visible?.sessions, [ann]);
  assertEquals([visible?.stale, visible?.closing, visible?.bootTime], [1, 1, 5]);
});

Deno.test("without a procfs the number of stale sessions is unknown", async () => {
  const { collector } = testCollector([readingOf([session("ann")])]);
  const { visible, idle } = await collector.collect();
  assertEquals([visible?.stale, visible?.bootTime, idle.size], [null, null, 0]);
});

Deno.test("a session gets the terminal of its processes, and the kind of that terminal", async () => {
  const values = { tty: "-", kind: "other", from: "h" } as const;
  const [shell, sftp] = [session("ann", values), session("bob", values)];
  const facts = { lines: new Map([[shell, "pts/3"]]) };
  const { collector } = testCollector([readingOf([shell, sftp])], { facts });
  const { visible } = await collector.collect();
  assertEquals(visible?.sessions, [{ ...shell, tty: "pts/3", kind: "pty" }, sftp]);
});

Deno.test("idle times are read only for visible sessions", async () => {
  const shell = session("ann", { tty: "-" });
  const { collector } = testCollector([readingOf([shell, session("bob")])], {
    facts: { lines: new Map([[shell, "pts/3"]]) },
    filter: (username) => username === "ann",
    idleTimes: (sessions) =>
      Promise.resolve(new Map(sessions.map((each) => [each, each.tty.length]))),
  });
  const { idle } = await collector.collect();
  assertEquals([...idle].map(([{ tty }, idle]) => [tty, idle]), [["pts/3", 5]]);
});

Deno.test("an unchanged snapshot is filtered once; its processes are checked again after 15 s", async () => {
  const reading = readingOf([session("ann")]);
  const { collector, clock, processReads } = testCollector([reading], { facts: {} });
  const first = await collector.collect();
  clock.pass(MAX_AGE - 1);
  const second = await collector.collect();
  assertStrictEquals(first.visible, second.visible);
  assertEquals(processReads.length, 1);
  clock.pass(1);
  await collector.collect();
  assertEquals(processReads.length, 2);
});

Deno.test("a changed snapshot is filtered at once", async () => {
  const readings = [readingOf([session("ann")]), readingOf([session("bob")])];
  const { collector, processReads } = testCollector(readings, { facts: {} });
  assertEquals(usersOf(await collector.collect()), ["ann"]);
  assertEquals(usersOf(await collector.collect()), ["bob"]);
  assertEquals(processReads.length, 2);
});

Deno.test("a new session without a terminal is checked each time, for a minute", async () => {
  const reading = readingOf([session("ann", { tty: "-", loginTime: START / 1000 })]);
  const { collector, clock, processReads } = testCollector([reading], { facts: {} });
  for (const pass of [0, 1_000, TERMINAL_GRACE - 1_001, 1, 1_000]) {
    clock.pass(pass);
    await collector.collect();
  }
  assertEquals(processReads.length, 3, "at 0 s, 1 s and 59.999 s, not at 60 s and 61 s");
});

Deno.test("a failure is counted once for overlapping calls", async () => {
  const reading = { results: [FAILED], missing: [], snapshot: null };
  const { collector, failures } = testCollector([reading]);
  const both = await Promise.all([collector.collect(), collector.collect()]);
  assertEquals(both.map(usersOf), ["denied", "denied"]);
  assertEquals(failures, [FAILED.failure]);
});

Deno.test("a source that cannot be read is counted and logged while the other one is read", async () => {
  const { results, snapshot } = readingOf([session("ann")]);
  const reading = { results: [FAILED, ...results], missing: [], snapshot };
  const { collector, failures, messages } = testCollector([reading]);
  for (const _ of [1, 2]) assertEquals(usersOf(await collector.collect()), ["ann"]);
  assertEquals(failures, [FAILED.failure, FAILED.failure]);
  assertEquals(messages(), [
    '"cannot read the sessions" source=utmp path=/x reason=denied error=e advice=a',
    '"reading sessions" source=logind path=/run/systemd/sessions sessions=1',
  ]);
});

Deno.test("more sessions than the cap are logged once, and so is the recovery", async () => {
  const users = ["ann", "bob", "eve", "joe"].map((user) => session(user));
  const readings = [3, 3, 4, 2, 2, 3].map((count) => readingOf(users.slice(0, count)));
  const { collector, messages } = testCollector(readings, { maxSeries: 2 });
  for (const _ of readings) await collector.collect();
  const warning = '"more sessions than --sessions.max-series" sessions=3 max_series=2 ' +
    'advice="raise --sessions.max-series, or find out who opens so many sessions"';
  const recovery = '"all sessions have series again" sessions=2 max_series=2';
  assertEquals(messages().slice(1), [warning, recovery, warning]);
});
