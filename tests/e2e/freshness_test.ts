import { assertEquals, assertNotEquals } from "../support/assert.ts";
import { encodeUtmp } from "../support/encode_utmp.ts";
import { type Exporter, startExporter } from "../support/exporter.ts";
import { seriesOf, valueOf } from "../support/samples.ts";
import { type TempDir, tempDir } from "../support/temp_dir.ts";
import { infoOf, login, logout, RECORD_SIZE, writeSlot, writeUtmp } from "../support/utmp_file.ts";
import { until } from "../support/wait.ts";

/** What the file holds before each change. */
const BEFORE = [login("alice", "pts/0", "192.0.2.1"), logout("pts/1"), login("bob", "tty1")];

const ALICE = infoOf("alice", "pts/0", "192.0.2.1");
const BOB = infoOf("bob", "tty1");
const CAROL = infoOf("carol", "pts/1");

/** What happens to a utmp file, and the sessions that the next scrape must show. */
const CHANGES: readonly {
  readonly what: string;
  readonly change: (path: string) => Promise<void>;
  readonly after: readonly string[];
}[] = [
  {
    what: "a login written in the place of an ended one",
    change: (path) => writeSlot(path, 1, login("carol", "pts/1")),
    after: [ALICE, BOB, CAROL],
  },
  {
    what: "a logout written in the place of its login",
    change: (path) => writeSlot(path, 0, logout("pts/0")),
    after: [BOB],
  },
  {
    what: "a login appended",
    change: async (path) => {
      const record = encodeUtmp("384le", [login("carol", "pts/1")]);
      await Deno.writeFile(path, record, { append: true });
    },
    after: [ALICE, BOB, CAROL],
  },
  {
    what: "a file cut short",
    change: (path) => Deno.truncate(path, 2 * RECORD_SIZE),
    after: [ALICE],
  },
  {
    what: "a file emptied, as at boot",
    change: (path) => Deno.truncate(path),
    after: [],
  },
  {
    what: "a file replaced by rename, of the same size and age",
    change: async (path) => {
      const { mtime } = await Deno.stat(path);
      await writeUtmp(`${path}.new`, [login("carol", "pts/1"), logout("pts/2"), logout("tty1")]);
      if (mtime !== null) await Deno.utime(`${path}.new`, mtime, mtime);
      await Deno.rename(`${path}.new`, path);
    },
    after: [CAROL],
  },
  {
    what: "a login written with the modification time set back to what it was",
    change: async (path) => {
      const { mtime } = await Deno.stat(path);
      await writeSlot(path, 1, login("carol", "pts/1"));
      if (mtime !== null) await Deno.utime(path, mtime, mtime);
    },
    after: [ALICE, BOB, CAROL],
  },
];

async function startOn(dir: TempDir): Promise<{ exporter: Exporter; path: string }> {
  const path = dir.join("utmp");
  await writeUtmp(path, BEFORE);
  const exporter = await startExporter([`--utmp-path=${path}`]);
  return { exporter, path };
}

async function sessionsOf(exporter: Exporter): Promise<readonly string[]> {
  return seriesOf(await exporter.scrape(), "unix_user_session_info");
}

/** Waits until a scrape is answered without a read: the duration of the last read stays as it was. */
async function untilQuiet(exporter: Exporter): Promise<void> {
  const name = "unix_user_exporter_source_read_duration_seconds";
  await until("a scrape that reads nothing", async () => {
    const [first, second] = [await exporter.scrape(), await exporter.scrape()];
    return valueOf(first, name) === valueOf(second, name) ? true : null;
  });
}

for (const { what, change, after } of CHANGES) {
  Deno.test(`${what} shows in the next scrape`, async () => {
    await using dir = await tempDir();
    const { exporter, path } = await startOn(dir);
    await using _ = exporter;
    assertEquals(await sessionsOf(exporter), [ALICE, BOB]);
    await change(path);
    assertEquals(await sessionsOf(exporter), after);
  });
}

Deno.test("each of these shows in the next scrape of a file that was quiet before", async () => {
  await Promise.all(CHANGES.map(async ({ what, change, after }) => {
    await using dir = await tempDir();
    const { exporter, path } = await startOn(dir);
    await using _ = exporter;
    await untilQuiet(exporter);
    assertEquals(await sessionsOf(exporter), [ALICE, BOB], what);
    await change(path);
    assertEquals(await sessionsOf(exporter), after, what);
  }));
});

Deno.test("of two changes both show, though the modification time is set back", async () => {
  await using dir = await tempDir();
  const { exporter, path } = await startOn(dir);
  await using _ = exporter;
  const { mtime } = await Deno.stat(path);
  assertNotEquals(mtime, null);
  const seen: (readonly string[])[] = [];
  for (const record of [login("carol", "pts/1"), logout("pts/1"), login("carol", "pts/1")]) {
    await writeSlot(path, 1, record);
    await Deno.utime(path, mtime ?? 0, mtime ?? 0);
    seen.push(await sessionsOf(exporter));
  }
  assertEquals(seen, [[ALICE, BOB, CAROL], [ALICE, BOB], [ALICE, BOB, CAROL]]);
});

Deno.test("a link to the file is followed, wherever it points next", async () => {
  await using dir = await tempDir();
  const [link, first, second] = [dir.join("link"), dir.join("first"), dir.join("second")];
  await writeUtmp(first, [login("bob", "tty1")]);
  await writeUtmp(second, [login("carol", "pts/1")]);
  await Deno.symlink(first, link);
  await using exporter = await startExporter([`--utmp-path=${link}`]);
  assertEquals(await sessionsOf(exporter), [BOB]);
  await Deno.symlink(second, `${link}.new`);
  await Deno.rename(`${link}.new`, link);
  assertEquals(await sessionsOf(exporter), [CAROL]);
});
