import { MAX_AGE } from "../lib/freshness.ts";
import { Observer, type ObserverOptions } from "../lib/observer.ts";
import type { Session } from "../lib/session.ts";
import type { Look, Observation, ReadFailure, Snapshot } from "../lib/snapshot.ts";
import type { ProcessFacts } from "../lib/source_procfs.ts";
import { TERMINAL_GRACE } from "../lib/source_terminals.ts";
import { assert, assertEquals, assertStrictEquals } from "./assert.ts";
import { type KeptLog, keptLog, START, TestClock } from "./watched.ts";

function session(username: string, values: Partial<Session> = {}): Session {
  return {
    username,
    from: "-",
    tty: "tty1",
    kind: "console",
    remote: false,
    loginTime: START / 1000 - 3_600,
    pid: 1,
    ...values,
  };
}

function lookOf(sessions: readonly Session[]): Extract<Look, { ok: true }> {
  const snapshot: Snapshot = {
    source: "logind",
    sessions,
    bootTime: null,
    records: null,
    faults: 0,
    overLimit: 0,
  };
  return { ok: true, snapshot, path: "/run/systemd/sessions", modified: 0, readDuration: 0 };
}

const FAILURE: ReadFailure = {
  source: "utmp",
  path: "/x",
  reason: "denied",
  error: "e",
  advice: "a",
};

interface Observed extends KeptLog {
  readonly observer: Observer;
  readonly clock: TestClock;
  readonly failures: ReadFailure[];
  readonly processLooks: Snapshot[];
}

/** An observer of this look, whose processes are as `facts` says. */
function observed(
  look: () => Promise<Look>,
  options: Partial<ObserverOptions> & { readonly facts?: Partial<ProcessFacts> } = {},
): Observed {
  const kept = keptLog();
  const clock = new TestClock();
  const failures: ReadFailure[] = [];
  const processLooks: Snapshot[] = [];
  const { facts, ...others } = options;
  const procfs = {
    look: (snapshot: Snapshot): Promise<ProcessFacts | null> => {
      processLooks.push(snapshot);
      return Promise.resolve({ stale: new Set(), lines: new Map(), bootTime: null, ...facts });
    },
  };
  const observer = new Observer({
    source: { look },
    procfs: facts === undefined ? null : procfs,
    idleTimes: null,
    filter: () => true,
    maxSeries: 10,
    clock,
    log: kept.log,
    onFailure: (failure) => failures.push(failure),
    ...others,
  });
  return { ...kept, observer, clock, failures, processLooks };
}

function usersOf(observation: Observation): readonly string[] | string {
  return observation.ok
    ? observation.shown.sessions.map(({ username }) => username)
    : observation.failure.reason;
}

Deno.test("users that the filter leaves out are in no count, the stale ones neither", async () => {
  const [ann, bob, eve] = [session("ann"), session("bob"), session("eve")];
  const { observer } = observed(() => Promise.resolve(lookOf([ann, bob, eve])), {
    filter: (username) => username !== "bob",
    facts: { stale: new Set([bob, eve]), bootTime: 5 },
  });
  const observation = await observer.observe();
  assert(observation.ok);
  assertEquals([observation.shown.sessions, observation.shown.stale, observation.shown.bootTime], [
    [ann],
    1,
    5,
  ]);
});

Deno.test("without a procfs nothing is stale and nothing is said of it", async () => {
  const observation = await observed(() => Promise.resolve(lookOf([session("ann")]))).observer
    .observe();
  assert(observation.ok);
  assertEquals([observation.shown.stale, observation.shown.bootTime, observation.idle.size], [
    null,
    null,
    0,
  ]);
});

Deno.test("a session gets the terminal of its processes, and the kind of that terminal", async () => {
  const [shell, sftp] = [
    session("ann", { tty: "-", kind: "other", from: "h" }),
    session("bob", { tty: "-", kind: "other", from: "h" }),
  ];
  const look = lookOf([shell, sftp]);
  const { observer } = observed(() => Promise.resolve(look), {
    facts: { lines: new Map([[shell, "pts/3"]]) },
  });
  const observation = await observer.observe();
  assert(observation.ok);
  assertEquals(observation.shown.sessions, [{ ...shell, tty: "pts/3", kind: "pty" }, sftp]);
});

Deno.test("idle times are those of the sessions that are shown", async () => {
  const shell = session("ann", { tty: "-" });
  const { observer } = observed(() => Promise.resolve(lookOf([shell, session("bob")])), {
    facts: { lines: new Map([[shell, "pts/3"]]) },
    filter: (username) => username === "ann",
    idleTimes: (sessions) =>
      Promise.resolve(new Map(sessions.map((each) => [each, each.tty.length]))),
  });
  const observation = await observer.observe();
  assert(observation.ok);
  assertEquals([...observation.idle].map(([{ tty }, idle]) => [tty, idle]), [["pts/3", 5]]);
});

Deno.test("an unchanged snapshot is worked out once; its processes are looked at again after 15 s", async () => {
  const look = lookOf([session("ann")]);
  const { observer, clock, processLooks } = observed(() => Promise.resolve(look), { facts: {} });
  const first = await observer.observe();
  clock.pass(MAX_AGE - 1);
  const second = await observer.observe();
  assert(first.ok && second.ok);
  assertStrictEquals(first.shown, second.shown);
  assertEquals(processLooks.length, 1);
  clock.pass(1);
  await observer.observe();
  assertEquals(processLooks.length, 2);
});

Deno.test("a changed snapshot is worked out at once", async () => {
  const looks = [lookOf([session("ann")]), lookOf([session("bob")])];
  let next = 0;
  const { observer, processLooks } = observed(() => Promise.resolve(looks[next++] ?? lookOf([])), {
    facts: {},
  });
  assertEquals(usersOf(await observer.observe()), ["ann"]);
  assertEquals(usersOf(await observer.observe()), ["bob"]);
  assertEquals(processLooks.length, 2);
});

Deno.test("a young session without a terminal is looked at each time, for a minute", async () => {
  const look = lookOf([session("ann", { tty: "-", loginTime: START / 1000 })]);
  const { observer, clock, processLooks } = observed(() => Promise.resolve(look), { facts: {} });
  for (const pass of [0, 1_000, TERMINAL_GRACE - 1_001, 1, 1_000]) {
    clock.pass(pass);
    await observer.observe();
  }
  assertEquals(processLooks.length, 3, "at 0 s, 1 s and 59.999 s, not at 60 s and 61 s");
});

Deno.test("a failure is counted once for observations that overlap", async () => {
  const { observer, failures } = observed(() => Promise.resolve({ ok: false, failure: FAILURE }));
  const both = await Promise.all([observer.observe(), observer.observe()]);
  assertEquals(both.map(usersOf), ["denied", "denied"]);
  assertEquals(failures, [FAILURE]);
});

Deno.test("a source that is passed over is counted beside what the other says", async () => {
  const look = { ...lookOf([session("ann")]), passedOver: FAILURE };
  const { observer, failures, messages } = observed(() => Promise.resolve(look));
  assertEquals(usersOf(await observer.observe()), ["ann"]);
  assertEquals(failures, [FAILURE]);
  assertEquals(
    messages()[0],
    '"a source is passed over" source=utmp path=/x reason=denied error=e advice=a',
  );
});

Deno.test("more sessions than the cap are said once, and once when it is over", async () => {
  const looks = [3, 3, 4, 2, 2, 3].map((count) =>
    lookOf(Array.from({ length: count }, (_, i) => session(`user${i}`)))
  );
  let next = 0;
  const { observer, messages } = observed(() => Promise.resolve(looks[next++] ?? lookOf([])), {
    maxSeries: 2,
  });
  for (const _ of looks) await observer.observe();
  assertEquals(messages().slice(1), [
    '"sessions above the cap have no series of their own" sessions=3 max_series=2 ' +
    'advice="raise --sessions.max-series, or look into who opens so many"',
    '"every session has series of its own again" sessions=2 max_series=2',
    '"sessions above the cap have no series of their own" sessions=3 max_series=2 ' +
    'advice="raise --sessions.max-series, or look into who opens so many"',
  ]);
});
