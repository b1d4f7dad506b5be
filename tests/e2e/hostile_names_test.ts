import { assertEquals, assertNotMatch, assertStringIncludes } from "../support/assert.ts";
import { startExporter } from "../support/exporter.ts";
import { HOSTILE, INFOS, RECORDS } from "../support/hostile_records.ts";
import { linesWith } from "../support/log_lines.ts";
import { program, testNeeding } from "../support/needs.ts";
import { runExporter } from "../support/program.ts";
import { lint, TOLERATED } from "../support/promtool.ts";
import { seriesOf } from "../support/samples.ts";
import { tempDir } from "../support/temp_dir.ts";
import { login, utmpFile, writeUtmp } from "../support/utmp_file.ts";

/** Everything that a terminal may take for a command; the newline ends a log line. */
const CONTROL = /[\p{Cf}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u;

const PROMTOOL = [program("promtool")];

testNeeding(PROMTOOL, "hostile names hide no session, and promtool accepts them", async () => {
  await using file = await utmpFile(RECORDS);
  await using exporter = await startExporter([file.flag]);
  const scrape = await exporter.scrape();
  assertEquals(seriesOf(scrape, "unix_user_session_info"), [...INFOS].sort());
  const timestamp = "unix_session_login_timestamp_seconds";
  assertEquals(
    seriesOf(scrape, timestamp),
    HOSTILE.map(([, labels]) => `${timestamp}{${labels}} 1753273800`).sort(),
  );
  assertEquals(seriesOf(scrape, "unix_users_logged_in_total"), [
    `unix_users_logged_in_total ${HOSTILE.length}`,
  ]);
  assertNotMatch(scrape, CONTROL);
  assertEquals(await lint(scrape), TOLERATED);
});

for (const format of ["logfmt", "json"]) {
  Deno.test(`hostile names add no control character and no line to a ${format} log`, async () => {
    await using dir = await tempDir();
    // The path of the file is logged too.
    const path = dir.join("ut\x1b[31mmp\nlevel=error");
    await writeUtmp(path, RECORDS);
    const args = ["--debug", `--log.format=${format}`, `--utmp-path=${path}`];
    await using exporter = await startExporter(args);
    await Deno.remove(path);
    await exporter.scrape();
    const { stderr } = await exporter.stop();
    assertNotMatch(stderr, CONTROL);
    const lines = stderr.trimEnd().split("\n");
    // Listening, the file, its records, reading, cannot read, stopping.
    assertEquals(lines.length, RECORDS.length + 5);
    const records = format === "json"
      ? lines.filter((line) => JSON.parse(line).message === "record")
      : linesWith(stderr, "record");
    assertEquals(records.length, RECORDS.length);
  });
}

Deno.test("--dump prints hostile names without a control character", async () => {
  await using file = await utmpFile(RECORDS);
  const { code, stdout, stderr } = await runExporter(["--dump", file.flag]);
  assertEquals([code, stderr], [0, ""]);
  assertNotMatch(stdout, CONTROL);
  const hosts = stdout.trimEnd().split("\n").map((line) => JSON.parse(line).host !== "");
  assertEquals(hosts, RECORDS.map(({ host }) => host !== ""));
});

Deno.test("the page escapes the path of the metrics", async () => {
  await using file = await utmpFile([login("alice", "pts/0")]);
  await using exporter = await startExporter([file.flag, "--web.telemetry-path=/a&lt;'b"]);
  assertStringIncludes(await exporter.scrape("/"), '<a href="/a&amp;lt;&#39;b">');
  assertStringIncludes(await exporter.scrape("/a&lt;'b"), "unix_users_logged_in_total 1");
});
