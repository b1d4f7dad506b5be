import type { ReadResult, Snapshot } from "../../lib/sessions/snapshot.ts";
import { UnionSource } from "../../lib/sources/union.ts";
import { assert, assertEquals, assertStrictEquals } from "../support/assert.ts";
import {
  failedResult,
  logindSnapshotWith,
  resultWith,
  snapshotWith,
} from "../support/observations.ts";

const SESSION = { from: "-", kind: "console", remote: false, loginTime: 1 } as const;
const ANN = { ...SESSION, username: "ann", tty: "tty1", pid: 1 };
const BOB = { ...SESSION, username: "bob", tty: "tty2", pid: 2 };

const UTMP = resultWith(snapshotWith({ sessions: [ANN] }), { source: "utmp", path: "/run/utmp" });
const LOGIND = resultWith(logindSnapshotWith([BOB]));

const [NO_UTMP, BROKEN_UTMP] = [failedResult("utmp", "missing"), failedResult("utmp")];
const [NO_LOGIND, BROKEN_LOGIND] = [failedResult("logind", "missing"), failedResult("logind")];

function union(
  utmp: ReadResult | null,
  logind: ReadResult | null,
): UnionSource {
  const results = [utmp, logind].filter((result) => result !== null);
  return new UnionSource(results.map((result) => ({ read: () => Promise.resolve(result) })));
}

function usersIn(snapshot: Snapshot | null): readonly string[] | null {
  return snapshot?.sessions.map(({ username }) => username) ?? null;
}

for (
  const [what, utmp, logind, results, users] of [
    ["both", UTMP, LOGIND, [UTMP, LOGIND], ["ann", "bob"]],
    ["no logind", UTMP, NO_LOGIND, [UTMP], ["ann"]],
    ["no utmp", NO_UTMP, LOGIND, [LOGIND], ["bob"]],
    ["neither", NO_UTMP, NO_LOGIND, [NO_UTMP, NO_LOGIND], null],
    ["utmp broken", BROKEN_UTMP, LOGIND, [BROKEN_UTMP, LOGIND], ["bob"]],
    ["logind broken", UTMP, BROKEN_LOGIND, [UTMP, BROKEN_LOGIND], ["ann"]],
    ["both broken", BROKEN_UTMP, BROKEN_LOGIND, [BROKEN_UTMP, BROKEN_LOGIND], null],
    ["utmp broken, no logind", BROKEN_UTMP, NO_LOGIND, [BROKEN_UTMP, NO_LOGIND], null],
    ["utmp alone asked for", UTMP, null, [UTMP], ["ann"]],
    ["utmp alone asked for and missing", NO_UTMP, null, [NO_UTMP], null],
    ["logind alone asked for", null, LOGIND, [LOGIND], ["bob"]],
    ["logind alone asked for and missing", null, NO_LOGIND, [NO_LOGIND], null],
  ] as const
) {
  Deno.test(`union: ${what}`, async () => {
    const reading = await union(utmp, logind).read();
    assertEquals(reading.results, [...results]);
    assertEquals(
      reading.missing,
      [utmp, logind].flatMap((result) =>
        result === null || result.ok || [...results].some((each) => each === result)
          ? []
          : [result.failure]
      ),
    );
    assertEquals(usersIn(reading.snapshot), users);
  });
}

Deno.test("the union is the same object until a source changes", async () => {
  const current = { utmp: UTMP, logind: LOGIND };
  const source = new UnionSource([
    { read: () => Promise.resolve(current.utmp) },
    { read: () => Promise.resolve(current.logind) },
  ]);
  const first = (await source.read()).snapshot;
  current.utmp = resultWith(UTMP.snapshot, { source: "utmp" });
  assertStrictEquals((await source.read()).snapshot, first, "another read, the same snapshot");
  current.utmp = resultWith(snapshotWith({ sessions: [ANN] }), { source: "utmp" });
  const second = (await source.read()).snapshot;
  assert(second !== first);
  current.logind = resultWith(logindSnapshotWith([]));
  assertEquals(usersIn((await source.read()).snapshot), ["ann"]);
});

Deno.test("with one source, its snapshot is used", async () => {
  assertStrictEquals((await union(UTMP, null).read()).snapshot, UTMP.snapshot);
  assertStrictEquals((await union(UTMP, NO_LOGIND).read()).snapshot, UTMP.snapshot);
  assertStrictEquals((await union(NO_UTMP, LOGIND).read()).snapshot, LOGIND.snapshot);
});
