import { MAX_FILE_SIZE } from "../../lib/files/files.ts";
import { assertEquals } from "../support/assert.ts";
import { encodeUtmp } from "../support/encode_utmp.ts";
import { startExporter } from "../support/exporter.ts";
import { linesWith, messagesOf } from "../support/log_lines.ts";
import { runExporter } from "../support/program.ts";
import { seriesOf, valueOf } from "../support/samples.ts";
import { tempDir } from "../support/temp_dir.ts";
import { infoOf, login, logout, RECORD_SIZE, writeSlot, writeUtmp } from "../support/utmp_file.ts";

/** No type: ut_type is 0 to 9. */
const NO_RECORD = { type: 77, line: "pts/9", user: "nobody", seconds: 1 };

const ALICE = infoOf("alice", "pts/0");
const BOB = infoOf("bob", "tty1");

Deno.test("a faulty record and a torn tail are counted and said once, the rest is kept", async () => {
  await using dir = await tempDir();
  const path = dir.join("utmp");
  const good = [login("alice", "pts/0"), login("bob", "tty1")];
  const bytes = encodeUtmp("384le", [login("alice", "pts/0"), NO_RECORD, login("bob", "tty1")]);
  await Deno.writeFile(path, bytes);
  await Deno.writeFile(path, bytes.subarray(0, 100), { append: true });
  await using exporter = await startExporter([`--utmp-path=${path}`]);
  for (const _ of [1, 2, 3]) {
    const scrape = await exporter.scrape();
    assertEquals(valueOf(scrape, "unix_user_exporter_faulty_records"), 2);
    assertEquals(valueOf(scrape, "unix_users_logged_in_total"), 2);
    assertEquals(seriesOf(scrape, "unix_user_session_info"), [ALICE, BOB]);
  }
  await writeUtmp(path, good);
  const scrape = await exporter.scrape();
  assertEquals(valueOf(scrape, "unix_user_exporter_faulty_records"), 0);
  assertEquals(seriesOf(scrape, "unix_user_session_info"), [ALICE, BOB]);
  const { stderr } = await exporter.stop();
  assertEquals(messagesOf(stderr), [
    "listening",
    "records cannot be decoded and are left out",
    "reading sessions",
    "every record can be decoded again",
    "stopping",
  ]);
});

Deno.test("a login that is being written shows once its record is whole", async () => {
  await using dir = await tempDir();
  const path = dir.join("utmp");
  await writeUtmp(path, [login("alice", "pts/0")]);
  await using exporter = await startExporter([`--utmp-path=${path}`]);
  const record = encodeUtmp("384le", [login("bob", "tty1")]);
  const seen: [number, readonly string[]][] = [];
  for (const part of [record.subarray(0, 200), record.subarray(200)]) {
    await Deno.writeFile(path, part, { append: true });
    const scrape = await exporter.scrape();
    const faults = valueOf(scrape, "unix_user_exporter_faulty_records");
    seen.push([faults, seriesOf(scrape, "unix_user_session_info")]);
  }
  assertEquals(seen, [[1, [ALICE]], [0, [ALICE, BOB]]]);
});

Deno.test("a file of exactly the largest size is read", async () => {
  await using dir = await tempDir();
  const path = dir.join("utmp");
  await writeUtmp(path, [login("alice", "pts/0")]);
  await Deno.truncate(path, MAX_FILE_SIZE);
  await using exporter = await startExporter([`--utmp-path=${path}`]);
  const scrape = await exporter.scrape();
  assertEquals(seriesOf(scrape, "unix_user_session_info"), [ALICE]);
  const empty = Math.floor(MAX_FILE_SIZE / RECORD_SIZE) - 1;
  assertEquals(
    seriesOf(scrape, "unix_user_exporter_records").filter((line) => !line.endsWith(" 0")),
    [
      `unix_user_exporter_records{type="empty"} ${empty}`,
      'unix_user_exporter_records{type="user_process"} 1',
    ],
  );
});

Deno.test("--debug logs each record and its verdict once for each change, not each scrape", async () => {
  await using dir = await tempDir();
  const path = dir.join("utmp");
  await writeUtmp(path, [login("alice", "pts/0", "192.0.2.1"), logout("pts/1")]);
  await using exporter = await startExporter(["--debug", `--utmp-path=${path}`]);
  for (const _ of [1, 2, 3]) await exporter.scrape();
  await writeSlot(path, 0, logout("pts/0"));
  for (const _ of [1, 2, 3]) await exporter.scrape();
  const { stderr } = await exporter.stop();
  assertEquals(messagesOf(stderr), [
    "listening",
    "utmp file",
    "record",
    "record",
    "reading sessions",
    "utmp file",
    "record",
    "record",
    "stopping",
  ]);
  const dead = 'session=false why="type is dead_process, not user_process"';
  assertEquals(linesWith(stderr, "record").map((line) => line.replace(/^.* msg=record /, "")), [
    "offset=0 type=user_process user=alice line=pts/0 host=192.0.2.1 pid=1000 session=true",
    `offset=384 type=dead_process user="" line=pts/1 host="" pid=1000 ${dead}`,
    `offset=0 type=dead_process user="" line=pts/0 host="" pid=1000 ${dead}`,
    `offset=384 type=dead_process user="" line=pts/1 host="" pid=1000 ${dead}`,
  ]);
});

Deno.test("a file that fits two layouts is read in that of the machine that runs the program", async () => {
  await using dir = await tempDir();
  const path = dir.join("utmp");
  // 25 empty records of 384 bytes, or 24 of 400.
  await Deno.writeFile(path, new Uint8Array(9_600));
  const { stdout: version } = await runExporter(["--version"]);
  const { stdout } = await runExporter(["--dump", `--utmp-path=${path}`]);
  assertEquals(stdout.trimEnd().split("\n").length, version.includes("linux/aarch64") ? 24 : 25);
});
