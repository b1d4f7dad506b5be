import { assertEquals, assertNotEquals } from "../support/assert.ts";
import { encodeUtmp } from "../support/encode_utmp.ts";
import { type Exporter, startExporter } from "../support/exporter.ts";
import { seriesOf, valueOf } from "../support/samples.ts";
import {
  infoOf,
  login,
  logout,
  RECORD_SIZE,
  utmpFile,
  writeSlot,
  writeUtmp,
} from "../support/utmp_file.ts";
import { until } from "../support/wait.ts";

/** The records before each change. */
const BEFORE = [login("alice", "pts/0", "192.0.2.1"), logout("pts/1"), login("bob", "tty1")];

const ALICE = infoOf("alice", "pts/0", "192.0.2.1");
const BOB = infoOf("bob", "tty1");
const CAROL = infoOf("carol", "pts/1");

/** Changes of a utmp file, and the sessions of the next scrape. */
const CHANGES: readonly (readonly [
  what: string,
  after: readonly string[],
  change: (path: string) => Promise<void>,
])[] = [
  ["a login in the slot of an ended session", [ALICE, BOB, CAROL], async (path) => {
    await writeSlot(path, 1, login("carol", "pts/1"));
  }],
  ["a logout in the slot of its login", [BOB], async (path) => {
    await writeSlot(path, 0, logout("pts/0"));
  }],
  ["an appended login", [ALICE, BOB, CAROL], async (path) => {
    const record = encodeUtmp("384le", [login("carol", "pts/1")]);
    await Deno.writeFile(path, record, { append: true });
  }],
  ["a truncated file", [ALICE], (path) => Deno.truncate(path, 2 * RECORD_SIZE)],
  ["a file emptied, as at boot", [], (path) => Deno.truncate(path)],
  ["a file replaced by rename, of the same size and age", [CAROL], async (path) => {
    const { mtime } = await Deno.stat(path);
    await writeUtmp(`${path}.new`, [login("carol", "pts/1"), logout("pts/2"), logout("tty1")]);
    if (mtime !== null) await Deno.utime(`${path}.new`, mtime, mtime);
    await Deno.rename(`${path}.new`, path);
  }],
  ["a login with the modification time set back", [ALICE, BOB, CAROL], async (path) => {
    const { mtime } = await Deno.stat(path);
    await writeSlot(path, 1, login("carol", "pts/1"));
    if (mtime !== null) await Deno.utime(path, mtime, mtime);
  }],
];

async function sessionsOf(exporter: Exporter): Promise<readonly string[]> {
  return seriesOf(await exporter.scrape(), "unix_user_session_info");
}

/** Waits for a scrape without a read: the duration of the last read does not change. */
async function untilQuiet(exporter: Exporter): Promise<void> {
  const name = "unix_user_exporter_source_read_duration_seconds";
  await until("a scrape that reads nothing", async () => {
    const [first, second] = [await exporter.scrape(), await exporter.scrape()];
    return valueOf(first, name) === valueOf(second, name) ? true : null;
  });
}

for (const isQuiet of [false, true]) {
  const when = isQuiet ? "after a time without changes" : "at once";
  Deno.test(`each change is in the next scrape, ${when}`, async () => {
    await Promise.all(CHANGES.map(async ([what, after, change]) => {
      await using file = await utmpFile(BEFORE);
      await using exporter = await startExporter([file.flag]);
      if (isQuiet) await untilQuiet(exporter);
      assertEquals(await sessionsOf(exporter), [ALICE, BOB], what);
      await change(file.path);
      assertEquals(await sessionsOf(exporter), after, what);
    }));
  });
}

Deno.test("each of several changes is exposed, though the modification time is set back", async () => {
  await using file = await utmpFile(BEFORE);
  await using exporter = await startExporter([file.flag]);
  const { mtime } = await Deno.stat(file.path);
  assertNotEquals(mtime, null);
  const results: (readonly string[])[] = [];
  for (const record of [login("carol", "pts/1"), logout("pts/1"), login("carol", "pts/1")]) {
    await writeSlot(file.path, 1, record);
    await Deno.utime(file.path, mtime ?? 0, mtime ?? 0);
    results.push(await sessionsOf(exporter));
  }
  assertEquals(results, [[ALICE, BOB, CAROL], [ALICE, BOB], [ALICE, BOB, CAROL]]);
});

Deno.test("a symbolic link to the file is followed, also after it changes", async () => {
  await using first = await utmpFile([login("bob", "tty1")]);
  await using second = await utmpFile([login("carol", "pts/1")]);
  await using link = await utmpFile();
  await Deno.symlink(first.path, link.path);
  await using exporter = await startExporter([link.flag]);
  assertEquals(await sessionsOf(exporter), [BOB]);
  await Deno.symlink(second.path, `${link.path}.new`);
  await Deno.rename(`${link.path}.new`, link.path);
  assertEquals(await sessionsOf(exporter), [CAROL]);
});
