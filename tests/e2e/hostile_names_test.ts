import { assertEquals, assertNotMatch, assertStringIncludes } from "../assert.ts";
import type { RecordFields } from "../encode_utmp.ts";
import { startExporter } from "./exporter.ts";
import { linesWith } from "./log_lines.ts";
import { program, testNeeding } from "./needs.ts";
import { runExporter } from "./program.ts";
import { lint, TOLERATED } from "./promtool.ts";
import { seriesOf } from "./samples.ts";
import { tempDir } from "./temp_dir.ts";
import { login, writeUtmp } from "./utmp_file.ts";

const MINUTE = "2025-07-23 12:30";

/** Records as an attacker would have them written, and the labels that must come of each. */
const HOSTILE: readonly (readonly [RecordFields, string])[] = [
  [login('quo"te', "pts/0"), 'username="quo\\"te",from="-",tty="pts/0"'],
  [login("new\nline", "pts/1"), 'username="new\\\\x0aline",from="-",tty="pts/1"'],
  [login("back\\slash", "pts/2"), 'username="back\\\\slash",from="-",tty="pts/2"'],
  [
    login("sham", "pts/3", "\\x0a"),
    'username="sham",from="\\\\x5cx0a",tty="pts/3"',
  ],
  [
    login("cr\r\ttab\x07bell\x7f", "pts/4"),
    'username="cr\\\\x0d\\\\x09tab\\\\x07bell\\\\x7f",from="-",tty="pts/4"',
  ],
  [
    login("escape", "pts/5", "\x1b[2J\x1b]0;title\x07"),
    'username="escape",from="\\\\x1b[2J\\\\x1b]0;title\\\\x07",tty="pts/5"',
  ],
  [
    // U+009B is an escape sequence in one character, U+202E turns the text that follows around.
    login("invisible", "pts/6", "\u009b31m\u202etxt"),
    'username="invisible",from="\\\\xc2\\\\x9b31m\\\\xe2\\\\x80\\\\xaetxt",tty="pts/6"',
  ],
  [
    { ...login("", "pts/7"), user: Uint8Array.of(0x61, 0xff, 0xc3, 0x28) },
    'username="a\\\\xff\\\\xc3(",from="-",tty="pts/7"',
  ],
  [login("Žofie", "pts/8", "例え.example"), 'username="Žofie",from="例え.example",tty="pts/8"'],
  [
    login("long", "pts/9", "h".repeat(256)),
    `username="long",from="${"h".repeat(256)}",tty="pts/9"`,
  ],
  [login("markup", "pts/10", "<b>&amp;</b>"), 'username="markup",from="<b>&amp;</b>",tty="pts/10"'],
  [
    login("forged", "pts/11", '"} 1\nunix_user_session_info{username="ghost'),
    'username="forged",from="\\"} 1\\\\x0aunix_user_session_info{username=\\"ghost",tty="pts/11"',
  ],
  // Two that are one where labels are joined unescaped into a key, as a metrics library does.
  [login("twin", "z", "x,tty:y"), 'username="twin",from="x,tty:y",tty="z"'],
  [login("twin", "y,tty:z", "x"), 'username="twin",from="x",tty="y,tty:z"'],
];

const RECORDS = HOSTILE.map(([record]) => record);

const INFOS = HOSTILE.map(([, labels]) =>
  `unix_user_session_info{${labels},login_time="${MINUTE}"} 1`
);

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
  const telemetry = "--web.telemetry-path=/a&lt;'b";
  await using exporter = await startExporter([`--utmp-path=${path}`, telemetry]);
  assertStringIncludes(await exporter.scrape("/"), '<a href="/a&amp;lt;&#39;b">');
  assertStringIncludes(await exporter.scrape("/a&lt;'b"), "unix_users_logged_in_total 1");
});
