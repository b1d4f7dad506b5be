import { MAX_FILE_SIZE } from "../../lib/files/files.ts";
import { assertEquals } from "../support/assert.ts";
import { encodeUtmp } from "../support/encode_utmp.ts";
import { startExporter } from "../support/exporter.ts";
import { messagesOf } from "../support/log_lines.ts";
import { runExporter } from "../support/program.ts";
import { seriesOf, valueOf } from "../support/samples.ts";
import { infoOf, login, RECORD_SIZE, utmpFile, writeUtmp } from "../support/utmp_file.ts";

/** No type: ut_type is 0 to 9. */
const NO_RECORD = { type: 77, line: "pts/9", user: "nobody", seconds: 1 };

const [ALICE, BOB] = [login("alice", "pts/0"), login("bob", "tty1")];
const INFOS = [infoOf("alice", "pts/0"), infoOf("bob", "tty1")];

Deno.test("a faulty record and a torn tail are counted and logged once, the rest is kept", async () => {
  await using file = await utmpFile([ALICE, NO_RECORD, BOB]);
  const tail = encodeUtmp("384le", [ALICE]).subarray(0, 100);
  await Deno.writeFile(file.path, tail, { append: true });
  await using exporter = await startExporter([file.flag]);
  for (const _ of [1, 2, 3]) {
    const scrape = await exporter.scrape();
    assertEquals(valueOf(scrape, "unix_user_exporter_faulty_records"), 2);
    assertEquals(valueOf(scrape, "unix_users_logged_in_total"), 2);
    assertEquals(seriesOf(scrape, "unix_user_session_info"), INFOS);
  }
  await writeUtmp(file.path, [ALICE, BOB]);
  const scrape = await exporter.scrape();
  assertEquals(valueOf(scrape, "unix_user_exporter_faulty_records"), 0);
  assertEquals(seriesOf(scrape, "unix_user_session_info"), INFOS);
  const { stderr } = await exporter.stop();
  assertEquals(messagesOf(stderr), [
    "listening",
    "records cannot be decoded and are left out",
    "reading sessions",
    "every record can be decoded again",
    "stopping",
  ]);
});

Deno.test("a login that is being written is exposed once its record is complete", async () => {
  await using file = await utmpFile([ALICE]);
  await using exporter = await startExporter([file.flag]);
  const record = encodeUtmp("384le", [BOB]);
  const results: [number, readonly string[]][] = [];
  for (const part of [record.subarray(0, 200), record.subarray(200)]) {
    await Deno.writeFile(file.path, part, { append: true });
    const scrape = await exporter.scrape();
    const faults = valueOf(scrape, "unix_user_exporter_faulty_records");
    results.push([faults, seriesOf(scrape, "unix_user_session_info")]);
  }
  assertEquals(results, [[1, INFOS.slice(0, 1)], [0, INFOS]]);
});

Deno.test("a file of exactly the maximum size is read", async () => {
  await using file = await utmpFile([ALICE]);
  await Deno.truncate(file.path, MAX_FILE_SIZE);
  await using exporter = await startExporter([file.flag]);
  const scrape = await exporter.scrape();
  assertEquals(seriesOf(scrape, "unix_user_session_info"), INFOS.slice(0, 1));
  const empty = Math.floor(MAX_FILE_SIZE / RECORD_SIZE) - 1;
  assertEquals(
    seriesOf(scrape, "unix_user_exporter_records").filter((line) => !line.endsWith(" 0")),
    [
      `unix_user_exporter_records{type="empty"} ${empty}`,
      'unix_user_exporter_records{type="user_process"} 1',
    ],
  );
});

Deno.test("a file that fits two layouts is read in the layout of the machine", async () => {
  await using file = await utmpFile();
  // 25 empty records of 384 bytes, or 24 of 400.
  await Deno.writeFile(file.path, new Uint8Array(9_600));
  const { stdout: version } = await runExporter(["--version"]);
  const { stdout } = await runExporter(["--dump", file.flag]);
  assertEquals(stdout.trimEnd().split("\n").length, version.includes("linux/aarch64") ? 24 : 25);
});
