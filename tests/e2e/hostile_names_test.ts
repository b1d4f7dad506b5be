import { assertEquals, assertNotMatch, assertStringIncludes } from "../support/assert.ts";
import { startExporter } from "../support/exporter.ts";
import { HOSTILE, INFOS, RECORDS } from "../support/hostile_records.ts";
import { linesWith } from "../support/log_lines.ts";
import { program, testNeeding } from "../support/needs.ts";
import { runExporter } from "../support/program.ts";
import { lint, TOLERATED } from "../support/promtool.ts";
import { seriesOf } from "../support/samples.ts";
import { tempDir } from "../support/temp_dir.ts";
import { login, writeUtmp } from "../support/utmp_file.ts";

/** Everything that a terminal may take for a command; the newline ends a log line. */
const CONTROL = /[\p{Cf}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u;

testNeeding(
  [program("promtool")],
  "hostile names hide no session and give a scrape that promtool accepts",
  async () => {
    await using dir = await tempDir();
    const path = dir.join("utmp");
    await writeUtmp(path, RECORDS);
    await using exporter = await startExporter([`--utmp-path=${path}`]);
    const scrape = await exporter.scrape();
    assertEquals(seriesOf(scrape, "unix_user_session_info"), [...INFOS].sort());
    assertEquals(
      seriesOf(scrape, "unix_session_login_timestamp_seconds"),
      HOSTILE.map(([, labels]) => `unix_session_login_timestamp_seconds{${labels}} 1753273800`)
        .sort(),
    );
    assertEquals(seriesOf(scrape, "unix_users_logged_in_total"), [
      `unix_users_logged_in_total ${HOSTILE.length}`,
    ]);
    assertNotMatch(scrape, CONTROL);
    assertEquals(await lint(scrape), TOLERATED);
  },
);

for (const format of ["logfmt", "json"]) {
  Deno.test(`hostile names put no control character and no line into a ${format} log`, async () => {
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
    if (format === "json") {
      const messages = lines.map((line): { readonly message: string } => JSON.parse(line));
      assertEquals(messages.filter(({ message }) => message === "record").length, RECORDS.length);
    } else {
      assertEquals(linesWith(stderr, "record").length, RECORDS.length);
    }
  });
}

Deno.test("--dump prints hostile names without a control character", async () => {
  await using dir = await tempDir();
  const path = dir.join("utmp");
  await writeUtmp(path, RECORDS);
  const { code, stdout, stderr } = await runExporter(["--dump", `--utmp-path=${path}`]);
  assertEquals([code, stderr], [0, ""]);
  assertNotMatch(stdout, CONTROL);
  const lines = stdout.trimEnd().split("\n").map((line): { readonly host: string } =>
    JSON.parse(line)
  );
  assertEquals(lines.map(({ host }) => host.length > 0), RECORDS.map(({ host }) => host !== ""));
});

Deno.test("the first page shows a path as text, whatever it looks like", async () => {
  await using dir = await tempDir();
  const path = dir.join("utmp");
  await writeUtmp(path, [login("alice", "pts/0")]);
  const flag = "--web.telemetry-path=/a&lt;'b";
  await using exporter = await startExporter([`--utmp-path=${path}`, flag]);
  assertStringIncludes(await exporter.scrape("/"), '<a href="/a&amp;lt;&#39;b">');
  assertStringIncludes(await exporter.scrape("/a&lt;'b"), "unix_users_logged_in_total 1");
});
