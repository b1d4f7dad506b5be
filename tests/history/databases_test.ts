import type { Clock } from "../../lib/clock.ts";
import { Lastlog2Source } from "../../lib/history/lastlog2.ts";
import { WtmpdbSource } from "../../lib/history/wtmpdb.ts";
import type { HistorySource } from "../../lib/history/history_source.ts";
import type { HistoryRead } from "../../lib/sessions/history.ts";
import { EVERYBODY, type UserFilter } from "../../lib/sessions/user_filter.ts";
import { assert, assertEquals, assertStrictEquals } from "../support/assert.ts";

const FIXTURES = "tests/fixtures";

/** A clock that shows the fixtures as old, whenever they were checked out. */
const CLOCK: Clock = { epoch: () => Date.now() + 3_600_000, monotonic: () => performance.now() };

/** The data of a successful read. */
async function dataOf<Data>(source: HistorySource<Data>): Promise<Data> {
  const read = await source.read({ waits: true });
  assert(read.ok && read.data !== null, JSON.stringify(read));
  return read.data;
}

function wtmpdb(name: string, filter: UserFilter = EVERYBODY): WtmpdbSource {
  const path = `${FIXTURES}/${name}`;
  return new WtmpdbSource({ path, files: Deno, clock: CLOCK, filter });
}

function lastlog2(name: string, filter: UserFilter = EVERYBODY): Lastlog2Source {
  const path = `${FIXTURES}/${name}`;
  return new Lastlog2Source({ path, files: Deno, clock: CLOCK, filter });
}

function reasonOf(read: HistoryRead<unknown>): string | null {
  return read.ok ? null : read.failure.reason;
}

Deno.test("the real wtmpdb of a Debian 13: both logins, not the boot", async () => {
  const data = await dataOf(wtmpdb("wtmpdb.db"));
  const count = (kind: string, remote: boolean, logins: number): unknown => ({
    kind,
    remote,
    logins,
  });
  assertEquals(data.counts as readonly unknown[], [
    count("console", true, 0),
    count("console", false, 0),
    count("pty", true, 2),
    count("pty", false, 0),
    count("graphical", true, 0),
    count("graphical", false, 0),
    count("other", true, 0),
    count("other", false, 0),
  ]);
  assertEquals(data.faults, 0);
  assertEquals(data.lastLogins, { times: new Map([["tess", 1_795_716_218.620436]]), omitted: 0 });
});

Deno.test("the real lastlog2 of a Debian 13: both users, in whole seconds", async () => {
  const times = new Map([["root", 1_795_716_217], ["tess", 1_795_716_218]]);
  assertEquals(await dataOf(lastlog2("lastlog2.db")), { times, omitted: 0 });
});

Deno.test("excluded users are in no count", async () => {
  const filter: UserFilter = (username) => username !== "tess";
  const { counts, lastLogins } = await dataOf(wtmpdb("wtmpdb.db", filter));
  assertEquals(counts.filter(({ logins }) => logins > 0), []);
  assertEquals(lastLogins.times.size, 0);
  const { times } = await dataOf(lastlog2("lastlog2.db", filter));
  assertEquals([...times.keys()], ["root"]);
});

Deno.test("an unchanged database gives the same result object and is not opened", async () => {
  let opens = 0;
  const files = {
    stat: Deno.stat,
    realPath: Deno.realPath,
    readFile: Deno.readFile,
    open: (path: string, options: { readonly read: true }) => {
      opens++;
      return Deno.open(path, options);
    },
  };
  const path = `${FIXTURES}/wtmpdb.db`;
  const source = new WtmpdbSource({ path, files, clock: CLOCK, filter: EVERYBODY });
  const read = await source.read({ waits: true });
  assertStrictEquals(await source.read({ waits: false }), read);
  assertStrictEquals(await source.read({ waits: true }), read);
  assertEquals(opens, 1);
});

Deno.test("a database of the other program, and other files, are malformed", async () => {
  for (
    const source of [
      wtmpdb("lastlog2.db"),
      lastlog2("wtmpdb.db"),
      wtmpdb("x86_64.utmp"),
      lastlog2("README.md"),
    ]
  ) {
    const read = await source.read({ waits: true });
    assertEquals(reasonOf(read), "malformed");
    assertStrictEquals(await source.read({ waits: true }), read);
  }
});

Deno.test("a directory is not opened, and a missing file is missing", async () => {
  assertEquals(reasonOf(await wtmpdb("hosts").read({ waits: true })), "not_regular");
  assertEquals(reasonOf(await lastlog2("none.db").read({ waits: true })), "missing");
});
