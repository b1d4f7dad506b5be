import fc from "fast-check";
import type { HistorySource } from "../../lib/history/history_source.ts";
import { Lastlog2Source } from "../../lib/history/lastlog2.ts";
import { MAX_USERS } from "../../lib/history/latest_logins.ts";
import { WtmpdbSource } from "../../lib/history/wtmpdb.ts";
import type { HistoryRead, LastLogins, Logins } from "../../lib/sessions/history.ts";
import type { ReadFailure } from "../../lib/sessions/snapshot.ts";
import { EVERYBODY } from "../../lib/sessions/user_filter.ts";
import { assert, assertEquals, assertMatch, assertStrictEquals } from "../support/assert.ts";
import { testNeeding } from "../support/needs.ts";
import { Peer } from "../support/peer.ts";
import { succeed } from "../support/succeed.ts";
import { type TempDir, tempDir } from "../support/temp_dir.ts";
import { SETPRIV, UNPRIVILEGED } from "../support/unprivileged.ts";
import { until } from "../support/wait.ts";
import { LASTLOG2_TABLE, laterTime, WTMPDB_TABLE, WtmpdbFile } from "../support/wtmpdb_file.ts";

const CLOCK = { epoch: () => Date.now(), monotonic: () => performance.now() };

function wtmpdbSource(path: string): WtmpdbSource {
  return new WtmpdbSource({ path, files: Deno, clock: CLOCK, filter: EVERYBODY });
}

function lastlog2Source(path: string): Lastlog2Source {
  return new Lastlog2Source({ path, files: Deno, clock: CLOCK, filter: EVERYBODY });
}

/** The number of logins of a read that succeeded. */
function loginsOf(read: HistoryRead<Logins>): number {
  assert(read.ok && read.data !== null, JSON.stringify(read));
  return read.data.counts.reduce((sum, { logins }) => sum + logins, 0);
}

async function loginsNow(source: HistorySource<Logins>): Promise<number> {
  return loginsOf(await source.read({ waits: true }));
}

async function failureNow(source: HistorySource<unknown>): Promise<ReadFailure> {
  const read = await source.read({ waits: true });
  assert(!read.ok, JSON.stringify(read));
  return read.failure;
}

/** The names and contents of all files of a folder, except a WAL index, which holds only locks. */
async function contentsOf(dir: TempDir): Promise<ReadonlyMap<string, string>> {
  const contents = new Map<string, string>();
  for await (const { name, isFile } of Deno.readDir(dir.join(""))) {
    const isContent = isFile && !name.endsWith("-shm");
    const bytes = isContent ? await Deno.readFile(dir.join(name)) : new Uint8Array();
    contents.set(name, bytes.toBase64());
  }
  return contents;
}

/** What a read in a process of its own found, with the permissions of the program. */
interface Summary {
  readonly logins: number | null;
  readonly users: number | null;
  readonly reason?: string;
  readonly error?: string;
  readonly advice?: string;
  readonly duration: number;
}

/** A process that reads a database, as the program does. */
class Reader implements AsyncDisposable {
  readonly #peer: Peer;
  #reads = 0;

  constructor(name: "wtmpdb" | "lastlog2", path: string, prefix: readonly string[] = []) {
    this.#peer = new Peer([
      ...prefix,
      ...[Deno.execPath(), "run", "-q", "-P", "--no-prompt", "--frozen"],
      ...["tests/support/database_reader.ts", name, path],
    ]);
  }

  async read(): Promise<Summary> {
    await this.#peer.type("\n");
    const lines = new RegExp(`^(?:.*\n){${this.#reads++}}(.*)\n`);
    const [, line = ""] = await this.#peer.printed(lines);
    return JSON.parse(line) as Summary;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#peer[Symbol.asyncDispose]();
  }
}

Deno.test("new logins are added; logouts, boots and other types are not logins", async () => {
  await using dir = await tempDir();
  using file = new WtmpdbFile(dir.join("wtmp.db"));
  const source = wtmpdbSource(file.path);
  assertEquals(await loginsNow(source), 0);
  file.login({ type: 1, user: "reboot", tty: "~", host: "6.12.0" });
  file.login({ type: 2, user: "runlevel" });
  file.login({ type: 0 });
  const id = file.login();
  const read = await source.read({ waits: true });
  assertEquals(loginsOf(read), 1);
  file.database.prepare("UPDATE wtmp SET Logout = 1700000001000000 WHERE ID = ?").run(id);
  const after = await source.read({ waits: true });
  assertEquals(loginsOf(after), 1);
  assert(read.ok && after.ok);
  assertStrictEquals(after.data, read.data);
  file.login({
    user: "bob",
    tty: "tty1",
    host: "",
    service: "login",
    login: 1_700_000_002_500_000,
  });
  const { data } = await source.read({ waits: true }) as { readonly data: Logins };
  assert(data !== read.data);
  assertEquals(data.counts.filter(({ logins }) => logins > 0) as readonly unknown[], [
    { kind: "console", remote: false, logins: 1 },
    { kind: "pty", remote: true, logins: 1 },
  ]);
  assertEquals(data.lastLogins, {
    times: new Map([["ann", 1_700_000_000], ["bob", 1_700_000_002.5]]),
    omitted: 0,
  });
});

Deno.test("the count does not fall to what wtmpdb rotate leaves, which would look like logins", async () => {
  await using dir = await tempDir();
  using file = new WtmpdbFile(dir.join("wtmp.db"));
  const source = wtmpdbSource(file.path);
  const removals = [
    ["the first rows", "DELETE FROM wtmp WHERE ID <= 40"],
    ["rows in the middle", "DELETE FROM wtmp WHERE ID BETWEEN 60 AND 70"],
    ["the last rows", "DELETE FROM wtmp WHERE ID > 90"],
    ["one row", "DELETE FROM wtmp WHERE ID = 80"],
    ["all except the first", "DELETE FROM wtmp WHERE ID > (SELECT min(ID) FROM wtmp)"],
  ] as const;
  file.logins(100);
  let count = 100;
  assertEquals(await loginsNow(source), count);
  for (const [what, sql] of removals) {
    file.database.exec(sql);
    assertEquals([what, await loginsNow(source)], [what, count]);
    // SQLite uses ids again if they are higher than those of all rows.
    file.logins(2);
    count += 2;
    assertEquals([what, await loginsNow(source)], [what, count]);
    file.database.exec("DELETE FROM wtmp WHERE ID = (SELECT max(ID) FROM wtmp)");
    file.logins(3);
    count += 3;
    assertEquals([what, await loginsNow(source)], [what, count]);
  }
});

Deno.test("an older copy of the database does not look like logins", async () => {
  await using dir = await tempDir();
  const path = dir.join("wtmp.db");
  using file = new WtmpdbFile(path);
  const source = wtmpdbSource(path);
  file.logins(10);
  await Deno.copyFile(path, dir.join("copy"));
  file.logins(5);
  assertEquals(await loginsNow(source), 15);
  await Deno.rename(dir.join("copy"), path);
  assertEquals(await loginsNow(source), 15);
  using restored = new WtmpdbFile(path);
  restored.logins(2);
  assertEquals(await loginsNow(source), 17);
});

Deno.test("if wtmpdb rotate leaves no row, the count starts from 0", async () => {
  await using dir = await tempDir();
  using file = new WtmpdbFile(dir.join("wtmp.db"));
  const source = wtmpdbSource(file.path);
  file.logins(100);
  assertEquals(await loginsNow(source), 100);
  file.database.exec("DELETE FROM wtmp");
  assertEquals(await loginsNow(source), 0);
  file.logins(100, 7);
  assertEquals(await loginsNow(source), 100);
  file.database.exec("DELETE FROM wtmp");
  for (let i = 0; i < 90; i++) file.login({ user: "bob", login: 1_800_100_000_000_000 + i });
  const { data } = await source.read({ waits: true }) as { readonly data: Logins };
  assertEquals([...data.lastLogins.times.keys()], ["bob"]);
});

Deno.test("after any changes the count is that of all logins that a read met, as long as one is left", async () => {
  await using dir = await tempDir();
  let run = 0;
  const change = fc.oneof(
    fc.record({ kind: fc.constant("login" as const), rows: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ kind: fc.constant("boot" as const), rows: fc.constant(1) }),
    fc.record({ kind: fc.constant("delete" as const), rows: fc.integer({ min: 0, max: 60 }) }),
    fc.record({ kind: fc.constant("logout" as const), rows: fc.integer({ min: 0, max: 60 }) }),
    fc.record({ kind: fc.constant("clear" as const), rows: fc.constant(0) }),
    fc.record({ kind: fc.constant("replace" as const), rows: fc.integer({ min: 0, max: 40 }) }),
    fc.record({ kind: fc.constant("read" as const), rows: fc.constant(0) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 12 }), async (changes) => {
      const path = dir.join(`${run++}.db`);
      let file = new WtmpdbFile(path);
      try {
        const source = wtmpdbSource(path);
        const counted = { logins: 0, latest: 0 };
        for (const { kind, rows } of [...changes, { kind: "read" as const, rows: 0 }]) {
          if (kind === "login") file.logins(rows, 3);
          if (kind === "boot") file.login({ type: 1, login: laterTime(1) });
          if (kind === "delete") file.database.prepare("DELETE FROM wtmp WHERE ID <= ?").run(rows);
          if (kind === "clear") file.database.exec("DELETE FROM wtmp");
          if (kind === "logout") {
            file.database.prepare("UPDATE wtmp SET Logout = 1 WHERE ID = ?").run(rows);
          }
          if (kind === "replace") {
            file[Symbol.dispose]();
            {
              using replacement = new WtmpdbFile(`${path}.new`);
              replacement.logins(rows + 1);
            }
            await Deno.rename(`${path}.new`, path);
            file = new WtmpdbFile(path);
            Object.assign(counted, { logins: 0, latest: 0 });
          }
          if (kind !== "read") continue;
          const sql = "SELECT count(*) AS rows, coalesce(sum(Login > ?), 0) AS added, " +
            "coalesce(sum(Login > ? AND Type = 3), 0) AS logins, max(Login) AS latest FROM wtmp";
          const { rows: left, added, logins, latest } = file.database.prepare(sql)
            .get(counted.latest, counted.latest) ?? {};
          if (left === added) counted.logins = 0;
          counted.logins += Number(logins);
          counted.latest = Math.max(counted.latest, Number(latest));
          assertEquals(await loginsNow(source), counted.logins);
        }
      } finally {
        file[Symbol.dispose]();
      }
    }),
    { numRuns: 60 },
  );
});

Deno.test("a locked database is io, is not waited for, and nothing is lost", async () => {
  await using dir = await tempDir();
  using file = new WtmpdbFile(dir.join("wtmp.db"));
  file.logins(3);
  await using reader = new Reader("wtmpdb", file.path);
  assertEquals((await reader.read()).logins, 3);
  file.database.exec("BEGIN EXCLUSIVE");
  file.login();
  await using other = new Reader("wtmpdb", file.path);
  const locked = await other.read();
  assertEquals([locked.logins, locked.reason], [null, "io"]);
  assertMatch(`${locked.error} ${locked.advice}`, /database is locked .*lslocks/);
  // Not the 5 seconds that are the default.
  assert(locked.duration < 3_000, `${locked.duration} ms`);
  file.database.exec("COMMIT");
  assertEquals([(await reader.read()).logins, (await other.read()).logins], [4, 4]);
});

Deno.test("a short lock is waited for, without stopping other work, and a long one is io", async () => {
  await using dir = await tempDir();
  using file = new WtmpdbFile(dir.join("wtmp.db"));
  file.logins(3);
  const source = wtmpdbSource(file.path);
  assertEquals(await loginsNow(source), 3);
  file.database.exec("BEGIN EXCLUSIVE");
  file.login();
  // Gives the file another time.
  await Deno.utime(file.path, new Date(), new Date());
  const reading = source.read({ waits: true });
  await new Promise((resolve) => setTimeout(resolve, 60));
  file.database.exec("COMMIT");
  assertEquals(loginsOf(await reading), 4);

  file.database.exec("BEGIN EXCLUSIVE");
  const { reason, error } = await failureNow(source);
  assertEquals([reason, error], ["io", "database is locked"]);
  file.database.exec("COMMIT");
  assertEquals(await loginsNow(source), 4);
});

Deno.test("a database in WAL mode is read while others write to it", async () => {
  await using dir = await tempDir();
  using file = new WtmpdbFile(dir.join("wtmp.db"));
  file.database.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0");
  file.logins(3);
  const before = await contentsOf(dir);
  assertEquals([...before.keys()].sort(), ["wtmp.db", "wtmp.db-shm", "wtmp.db-wal"]);
  await using reader = new Reader("wtmpdb", file.path);
  assertEquals((await reader.read()).logins, 3);
  assertEquals(await contentsOf(dir), before);
  file.login();
  assertEquals((await reader.read()).logins, 4);
  file.database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  assertEquals((await reader.read()).logins, 4);
  file.login();
  file.database.exec("BEGIN IMMEDIATE");
  file.login();
  assertEquals((await reader.read()).logins, 5);
  file.database.exec("COMMIT");
  assertEquals((await reader.read()).logins, 6);
});

Deno.test("a database in WAL mode that nobody has open is read, and no file is created", async () => {
  await using dir = await tempDir();
  const path = dir.join("wtmp.db");
  await using reader = new Reader("wtmpdb", path);
  for (const expected of [3, 6]) {
    {
      using file = new WtmpdbFile(path);
      file.database.exec("PRAGMA journal_mode = WAL");
      file.logins(3);
    }
    const before = await contentsOf(dir);
    assertEquals([...before.keys()], ["wtmp.db"]);
    assertEquals((await reader.read()).logins, expected);
    assertEquals(await contentsOf(dir), before);
  }
});

Deno.test("the log of a database behind a link is read, as Debian has one for wtmpdb", async () => {
  await using dir = await tempDir();
  await Deno.mkdir(dir.join("lib"));
  await Deno.symlink("../wtmp.db", dir.join("lib/wtmp.db"));
  using file = new WtmpdbFile(dir.join("wtmp.db"));
  file.database.exec("PRAGMA journal_mode = WAL");
  file.logins(3);
  await using reader = new Reader("wtmpdb", dir.join("lib/wtmp.db"));
  assertEquals((await reader.read()).logins, 3);
  file.logins(2);
  assertEquals((await reader.read()).logins, 5);
  // The link can lead to another database.
  using other = new WtmpdbFile(dir.join("other.db"));
  other.logins(7);
  await Deno.remove(dir.join("lib/wtmp.db"));
  await Deno.symlink("../other.db", dir.join("lib/wtmp.db"));
  assertEquals((await reader.read()).logins, 7);
});

testNeeding(
  [SETPRIV],
  "a database in WAL mode in a read-only folder is read, also its log",
  async () => {
    await using dir = await tempDir();
    const path = dir.join("wtmp.db");
    {
      using file = new WtmpdbFile(path);
      file.database.exec("PRAGMA journal_mode = WAL");
      file.logins(3);
    }
    try {
      await Deno.chmod(path, 0o444);
      await Deno.chmod(dir.join(""), 0o555);
      await using reader = new Reader("wtmpdb", path, UNPRIVILEGED);
      assertEquals((await reader.read()).logins, 3);

      await Deno.chmod(dir.join(""), 0o755);
      await Deno.chmod(path, 0o644);
      using file = new WtmpdbFile(path);
      file.logins(2);
      for (const name of ["", "-wal", "-shm"]) await Deno.chmod(`${path}${name}`, 0o444);
      await Deno.chmod(dir.join(""), 0o555);
      const before = await contentsOf(dir);
      assertEquals((await reader.read()).logins, 5);
      file.logins(1);
      assertEquals((await reader.read()).logins, 6);
      assertEquals([...(await contentsOf(dir)).keys()], [...before.keys()]);
    } finally {
      await Deno.chmod(dir.join(""), 0o755);
    }
  },
);

Deno.test("a log without its index is io, and no index is created", async () => {
  await using dir = await tempDir();
  {
    using file = new WtmpdbFile(dir.join("wtmp.db"));
    file.database.exec("PRAGMA journal_mode = WAL");
    file.logins(3);
    await Deno.mkdir(dir.join("copy"));
    for (const name of ["wtmp.db", "wtmp.db-wal"]) {
      await Deno.copyFile(dir.join(name), dir.join(`copy/${name}`));
    }
  }
  const copy: TempDir = {
    join: (name) => dir.join(`copy/${name}`),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const before = await contentsOf(copy);
  const failure = await failureNow(wtmpdbSource(copy.join("wtmp.db")));
  assertEquals(failure.reason, "io");
  assertMatch(`${failure.error}; ${failure.advice}`, /\(-wal\) without .*\(-shm\); .*directory/);
  assertEquals(await contentsOf(copy), before);
});

Deno.test("a log that was left beside another database gets no index either", async () => {
  await using dir = await tempDir();
  const path = dir.join("wtmp.db");
  {
    using file = new WtmpdbFile(dir.join("other.db"));
    file.database.exec("PRAGMA journal_mode = WAL");
    file.logins(3);
    await Deno.copyFile(dir.join("other.db-wal"), `${path}-wal`);
  }
  {
    using file = new WtmpdbFile(dir.join("plain.db"));
    file.logins(5);
  }
  await Deno.rename(dir.join("plain.db"), path);
  const before = await contentsOf(dir);
  assertEquals((await failureNow(wtmpdbSource(path))).reason, "io");
  assertEquals(await contentsOf(dir), before);
  await Deno.truncate(`${path}-wal`);
  const source = wtmpdbSource(path);
  assertEquals(await loginsNow(source), 5);
  await Deno.remove(`${path}-wal`);
  assertEquals(await loginsNow(source), 5);
});

Deno.test("a hot journal is io, and neither it nor the database is changed", async () => {
  await using dir = await tempDir();
  using file = new WtmpdbFile(dir.join("wtmp.db"));
  file.logins(100_000);
  // More changes than fit into the cache, so that some are in the file already.
  file.database.exec(
    "PRAGMA synchronous = FULL; BEGIN IMMEDIATE; UPDATE wtmp SET User = 'torn'",
  );
  for (const name of ["", "-journal"]) {
    await Deno.copyFile(`${file.path}${name}`, `${dir.join("copy.db")}${name}`);
  }
  file.database.exec("ROLLBACK");
  const before = await contentsOf(dir);
  await using reader = new Reader("wtmpdb", dir.join("copy.db"));
  const { logins, reason, error, advice } = await reader.read();
  assertEquals([logins, reason], [null, "io"]);
  assertMatch(`${error}; ${advice}`, /hot journal; .*next login/);
  assertEquals(await contentsOf(dir), before);
  // The next writer rolls it back.
  using repaired = new WtmpdbFile(dir.join("copy.db"));
  repaired.login();
  assertEquals((await reader.read()).logins, 100_001);
});

/** Databases that are refused, by what they are. */
const MALFORMED: Readonly<Record<string, (file: WtmpdbFile) => void>> = {
  "without the table": ({ database }) => database.exec("DROP TABLE wtmp"),
  "with another table": ({ database }) => database.exec("ALTER TABLE wtmp RENAME TO utmp"),
  "without a column": ({ database }) => database.exec("ALTER TABLE wtmp DROP COLUMN RemoteHost"),
  "with a view in place of the table": ({ database }) =>
    database.exec("ALTER TABLE wtmp RENAME TO real; CREATE VIEW wtmp AS SELECT * FROM real"),
  "with a virtual table in its place": ({ database }) =>
    database.exec(
      "DROP TABLE wtmp; " +
        "CREATE VIRTUAL TABLE wtmp USING fts5(ID, Type, User, Login, TTY, RemoteHost, Service)",
    ),
  "without row ids": ({ database }) =>
    database.exec(
      "DROP TABLE wtmp; CREATE TABLE wtmp(ID TEXT, Type, User, Login, TTY, RemoteHost, " +
        "Service, PRIMARY KEY(ID)) WITHOUT ROWID",
    ),
};

for (const [what, spoil] of Object.entries(MALFORMED)) {
  Deno.test(`a database ${what} is malformed`, async () => {
    await using dir = await tempDir();
    using file = new WtmpdbFile(dir.join("wtmp.db"));
    file.logins(10);
    const source = wtmpdbSource(file.path);
    assertEquals(await loginsNow(source), 10);
    spoil(file);
    const failure = await failureNow(source);
    assertEquals(failure.reason, "malformed", failure.error);
    assertMatch(failure.advice, /--wtmpdb-path/);
  });
}

/** Bytes in place of a database of 500 pages, by what they are. */
const CORRUPT: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  "is text": () => new TextEncoder().encode("not a database\n".repeat(100)),
  "has only the beginning of a header": (bytes) => bytes.slice(0, 50),
  "has only a header": (bytes) => bytes.slice(0, 100),
  "was cut in half": (bytes) => bytes.slice(0, bytes.length / 2),
  "was cut in a page": (bytes) => bytes.slice(0, 1_000),
  "has pages of zeros": (bytes) => bytes.fill(0, 4_096 * 2),
  "has pages of noise": (bytes) => bytes.map((byte, i) => i < 4_096 ? byte : i * 151 + 7),
  "has noise in its schema": (bytes) => bytes.map((byte, i) => i < 100 ? byte : i * 151 + 7),
  "has no table in its schema": (bytes) => bytes.fill(0, 100, 4_096),
};

for (const [what, spoil] of Object.entries(CORRUPT)) {
  Deno.test(`a database that ${what} is malformed, and nothing is exported`, async () => {
    await using dir = await tempDir();
    const path = dir.join("wtmp.db");
    {
      using file = new WtmpdbFile(path);
      file.logins(30_000);
    }
    const spoiled = spoil(await Deno.readFile(path));
    await Deno.writeFile(path, spoiled);
    const before = await contentsOf(dir);
    const failure = await failureNow(wtmpdbSource(path));
    assertEquals(failure.reason, "malformed", failure.error);
    assertEquals(await contentsOf(dir), before);
  });
}

Deno.test("a database with any byte changed gives a result or a failure, and never crashes", async () => {
  await using dir = await tempDir();
  const path = dir.join("wtmp.db");
  {
    using file = new WtmpdbFile(path);
    file.logins(100);
  }
  const bytes = await Deno.readFile(path);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 20 }),
      async (changes) => {
        const spoiled = bytes.slice();
        for (const [at, byte] of changes) spoiled[at] = byte;
        await Deno.writeFile(path, spoiled);
        const read = await wtmpdbSource(path).read({ waits: true });
        if (read.ok) loginsOf(read);
      },
    ),
    { numRuns: 300 },
  );
  assertEquals([...(await contentsOf(dir)).keys()], ["wtmp.db"]);
});

Deno.test("after logrotate the database is empty, and then a new one", async () => {
  await using dir = await tempDir();
  const path = dir.join("wtmp.db");
  const source = wtmpdbSource(path);
  await Deno.writeFile(path, new Uint8Array());
  assertEquals(await loginsNow(source), 0);
  for (const rows of [5, 3]) {
    {
      using file = new WtmpdbFile(path);
      file.logins(rows);
    }
    assertEquals(await loginsNow(source), rows);
    await Deno.rename(path, `${path}.1`);
    await Deno.writeFile(path, new Uint8Array());
    const before = await contentsOf(dir);
    assertEquals(await loginsNow(source), 0);
    assertEquals(await contentsOf(dir), before);
  }
  const lastlog = await lastlog2Source(path).read({ waits: true });
  assert(lastlog.ok);
  assertEquals(lastlog.data, { times: new Map(), omitted: 0 });
});

Deno.test("a FIFO is not opened; a file that appears later is read, and one that disappears is missing", async () => {
  await using dir = await tempDir();
  const path = dir.join("wtmp.db");
  const source = wtmpdbSource(path);
  const missing = await source.read({ waits: true });
  assert(!missing.ok && missing.failure.reason === "missing");
  assertStrictEquals(await source.read({ waits: true }), missing);
  await succeed("mkfifo", path);
  assertEquals((await failureNow(source)).reason, "not_regular");
  await Deno.remove(path);
  {
    using file = new WtmpdbFile(path);
    file.logins(2);
    assertEquals(await loginsNow(source), 2);
  }
  await Deno.remove(path);
  assertEquals((await failureNow(source)).reason, "missing");
});

testNeeding([SETPRIV], "a log or index without permission is io, with advice", async () => {
  await using dir = await tempDir();
  using file = new WtmpdbFile(dir.join("wtmp.db"));
  file.database.exec("PRAGMA journal_mode = WAL");
  file.logins(3);
  for (const suffix of ["-wal", "-shm"]) {
    await Deno.chmod(`${file.path}${suffix}`, 0o000);
    await using reader = new Reader("wtmpdb", file.path, UNPRIVILEGED);
    const { logins, reason, advice } = await reader.read();
    assertEquals([suffix, logins, reason], [suffix, null, "io"]);
    assertMatch(advice ?? "", /-wal, -shm/);
    await Deno.chmod(`${file.path}${suffix}`, 0o644);
    assertEquals((await reader.read()).logins, 3);
  }
});

testNeeding([SETPRIV], "a database without permission is denied", async () => {
  await using dir = await tempDir();
  using file = new WtmpdbFile(dir.join("wtmp.db"));
  await Deno.chmod(file.path, 0o000);
  await using reader = new Reader("wtmpdb", file.path, UNPRIVILEGED);
  const { reason, advice } = await reader.read();
  assertEquals(reason, "denied");
  assertMatch(advice ?? "", /^let the user of this program read the database/);
});

Deno.test("names of any type and any bytes become visible text", async () => {
  await using dir = await tempDir();
  using file = new WtmpdbFile(
    dir.join("wtmp.db"),
    WTMPDB_TABLE.replace(/ NOT NULL|INTEGER(?! PRI)|TEXT|STRICT/g, ""),
  );
  const names = [
    "plain",
    'q"{}\\,=',
    "new\nline\u0000hidden",
    "\u202egnp",
    new Uint8Array([0x61, 0xff, 0x00, 0x62]),
    4_711n,
    1.5,
    2n ** 63n - 1n,
    "x".repeat(300),
    "",
    null,
  ];
  for (const user of names) file.login({ user });
  file.database.exec("UPDATE wtmp SET User = CAST(x'c328' AS TEXT) WHERE User = 'plain'");
  file.login({ tty: null, host: null, service: null });
  file.login({ tty: new Uint8Array([0xff]), host: "h".repeat(4_000), service: 1 });
  file.login({ user: "huge", host: "h".repeat(5_000) });
  file.login({ user: "u".repeat(1_000_000) });
  for (const login of [null, 0, "soon", 1.5, -1, 2n ** 62n]) file.login({ user: "when", login });
  const read = await wtmpdbSource(file.path).read({ waits: true });
  assert(read.ok && read.data !== null, JSON.stringify(read));
  assertEquals(
    [...read.data.lastLogins.times.keys()].sort(),
    [
      "\\xc3(",
      'q"{}\\,=',
      "new\\x0aline",
      "\\xe2\\x80\\xaegnp",
      "a\\xff",
      "4711",
      "1.5",
      "9223372036854775807",
      "x".repeat(256),
      "ann",
    ].sort(),
  );
  // Two names are empty. Two texts are too long, and two times out of range.
  assertEquals([loginsOf(read), read.data.faults], [names.length - 2 + 2 + 4, 4]);
});

Deno.test("ids of any size and sign are followed", async () => {
  await using dir = await tempDir();
  using file = new WtmpdbFile(dir.join("wtmp.db"));
  const insert = file.database.prepare("INSERT INTO wtmp (ID, Type, User) VALUES (?, 3, 'ann')");
  const source = wtmpdbSource(file.path);
  let count = 0;
  for (const id of [-(2n ** 63n), -1n, 0n, 2n ** 53n + 1n, 2n ** 63n - 1n]) {
    insert.run(id);
    assertEquals([id, await loginsNow(source)], [id, ++count]);
  }
  // With the highest id taken, SQLite chooses any other one.
  file.login();
  assertEquals(await loginsNow(source), ++count);
});

Deno.test("a long pass goes on between reads, and nothing is exported before its end", async () => {
  await using dir = await tempDir();
  using file = new WtmpdbFile(dir.join("wtmp.db"));
  file.logins(150_000);
  const source = wtmpdbSource(file.path);
  const first = await source.read({ waits: false });
  assert(first.ok && first.data === null, "the pass should not be over");
  assertStrictEquals(await source.read({ waits: false }), first);
  const logins = await until("the end of the pass", async () => {
    const read = await source.read({ waits: false });
    return read.ok && read.data === null ? null : loginsOf(read);
  });
  assertEquals(logins, 150_000);
});

Deno.test("while a pass goes on, the failure before it is over", async () => {
  await using dir = await tempDir();
  using file = new WtmpdbFile(dir.join("wtmp.db"));
  file.logins(150_000);
  file.database.exec("BEGIN EXCLUSIVE");
  const source = wtmpdbSource(file.path);
  const locked = await source.read({ waits: false });
  assert(!locked.ok, "the database should be locked");
  file.database.exec("COMMIT");
  const pending = await source.read({ waits: false });
  assert(pending.ok && pending.data === null, "the pass should not be over");
  assertEquals(await loginsNow(source), 150_000);
});

Deno.test("rows that are deleted while a pass reads them do no harm", async () => {
  await using dir = await tempDir();
  using file = new WtmpdbFile(dir.join("wtmp.db"));
  file.logins(100_000);
  const source = wtmpdbSource(file.path);
  const first = await source.read({ waits: false });
  assert(first.ok && first.data === null, "the pass should not be over");
  file.database.exec("DELETE FROM wtmp WHERE ID BETWEEN 1 AND 10 OR ID > 99000");
  assertEquals(await loginsNow(source), 99_000);
});

Deno.test("no login is lost or counted twice while another process writes", async () => {
  await using dir = await tempDir();
  const path = dir.join("wtmp.db");
  {
    using file = new WtmpdbFile(path);
    file.logins(100);
  }
  await using reader = new Reader("wtmpdb", path);
  using file = new WtmpdbFile(path);
  let [written, last, reads] = [100, 0, 0];
  for (let i = 0; i < 20; i++) {
    const reading = reader.read();
    for (let j = 0; j < 10; j++) {
      file.login();
      written++;
      // Lets the reader's answer in.
      await Promise.resolve();
    }
    const { logins } = await reading;
    // A read may meet the moment of a commit.
    if (logins === null) continue;
    reads++;
    assert(last <= logins && logins <= written, `${last}, ${logins}, ${written}`);
    last = logins;
  }
  assert(reads > 0);
  assertEquals((await reader.read()).logins, written);
});

Deno.test("lastlog2: the time of each user, in seconds, as it is now", async () => {
  await using dir = await tempDir();
  using file = new WtmpdbFile(dir.join("lastlog2.db"), LASTLOG2_TABLE);
  const source = lastlog2Source(file.path);
  const write = file.database.prepare("REPLACE INTO Lastlog2 VALUES (?, ?, 'pts/0', 'h', 'sshd')");
  const times = async (): Promise<unknown> => {
    const read = await source.read({ waits: true }) as { readonly data: LastLogins };
    return Object.fromEntries(read.data.times);
  };
  assertEquals(await times(), {});
  write.run("ann", 1_700_000_000);
  write.run("bob", 1_700_000_001);
  write.run("odd\n", 4_102_444_800);
  write.run("never", 0);
  assertEquals(await times(), {
    ann: 1_700_000_000,
    bob: 1_700_000_001,
    "odd\\x0a": 4_102_444_800,
  });
  write.run("ann", 1_600_000_000);
  file.database.exec("DELETE FROM Lastlog2 WHERE Name = 'bob'");
  assertEquals(await times(), { ann: 1_600_000_000, "odd\\x0a": 4_102_444_800 });
});

Deno.test("lastlog2: rows that cannot be decoded are omitted, and VACUUM changes nothing", async () => {
  await using dir = await tempDir();
  using file = new WtmpdbFile(dir.join("lastlog2.db"), LASTLOG2_TABLE);
  const write = file.database.prepare("INSERT INTO Lastlog2 (Name, Time) VALUES (?, ?)");
  write.run("ann", 1_700_000_000);
  write.run("n".repeat(5_000), 1_700_000_000);
  for (const [i, time] of ["soon", null, -5, 2n ** 62n].entries()) write.run(`user${i}`, time);
  const source = lastlog2Source(file.path);
  const read = await source.read({ waits: true });
  assert(read.ok);
  assertEquals(read.data, { times: new Map([["ann", 1_700_000_000]]), omitted: 5 });
  // A runtime with limited permissions refuses it.
  await succeed(
    ...[Deno.execPath(), "eval"],
    `new (await import("node:sqlite")).DatabaseSync("${file.path}").exec("VACUUM")`,
  );
  const after = await source.read({ waits: true });
  assert(after.ok);
  assertStrictEquals(after.data, read.data);
});

Deno.test("lastlog2: users above the limit are counted", async () => {
  await using dir = await tempDir();
  using file = new WtmpdbFile(dir.join("lastlog2.db"), LASTLOG2_TABLE);
  file.database.prepare(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
     INSERT INTO Lastlog2 (Name, Time) SELECT 'user' || i, 1700000000 + i FROM n`,
  ).run(MAX_USERS + 5);
  const read = await lastlog2Source(file.path).read({ waits: true });
  assert(read.ok && read.data !== null);
  assertEquals([read.data.times.size, read.data.omitted], [MAX_USERS, 5]);
});
