import { FAILURE_REASONS } from "../../lib/sessions/snapshot.ts";
import { assertEquals, assertMatch } from "../support/assert.ts";
import { encodeUtmp } from "../support/encode_utmp.ts";
import { expectedRecords, FIXTURES } from "../support/fixtures.ts";
import { logindFolder } from "../support/logind_folder.ts";
import { linesWith } from "../support/log_lines.ts";
import { program, testNeeding } from "../support/needs.ts";
import { programCommand, run, runExporter } from "../support/program.ts";
import { metricNamesOf, samplesOf } from "../support/samples.ts";
import { fixture, tempDir } from "../support/temp_dir.ts";
import { login, writeUtmp } from "../support/utmp_file.ts";

const SOURCE_NAMES: readonly string[] = [
  "unix_user_exporter_source_read_duration_seconds",
  "unix_user_exporter_source_modified_timestamp_seconds",
];

/** The login of a {@link LogindFolder}, in seconds since the epoch. */
const LOGIND_LOGIN = 1_753_280_160.5;

Deno.test("--once prints one exposition without process metrics, and nothing else", async () => {
  const { code, stdout, stderr } = await runExporter([
    "--once",
    `--utmp-path=${fixture("x86_64.utmp").pathname}`,
  ]);
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assertMatch(stdout, /^# HELP [^]*[^\n]\n$/);
  assertEquals(metricNamesOf(stdout), [
    "unix_user_exporter_read_failures_total",
    "unix_user_exporter_build_info",
    "unix_user_exporter_source_up",
    ...SOURCE_NAMES,
    "unix_users_logged_in_total",
    "unix_user_session_info",
    "unix_user_session_count",
    "unix_user_session_by_ip",
    "unix_logged_in_users",
    "unix_sessions",
    "unix_session_login_timestamp_seconds",
    "unix_boot_time_seconds",
    "unix_user_exporter_series_dropped",
    "unix_user_exporter_sessions_over_limit",
    "unix_user_exporter_records",
    "unix_user_exporter_faulty_records",
  ]);
});

Deno.test("--once without the file shows no sessions, source_up 0, and exits with 1", async () => {
  await using dir = await tempDir();
  const path = dir.join("utmp");
  const { code, stdout, stderr } = await runExporter(["--once", `--utmp-path=${path}`]);
  assertEquals(code, 1);
  assertEquals(samplesOf(stdout).filter((line) => !line.includes("build_info")), [
    'unix_user_exporter_read_failures_total{source="utmp",reason="missing"} 1',
    'unix_user_exporter_read_failures_total{source="utmp",reason="denied"} 0',
    'unix_user_exporter_read_failures_total{source="utmp",reason="not_regular"} 0',
    'unix_user_exporter_read_failures_total{source="utmp",reason="too_large"} 0',
    'unix_user_exporter_read_failures_total{source="utmp",reason="io"} 0',
    'unix_user_exporter_read_failures_total{source="utmp",reason="malformed"} 0',
    ...FAILURE_REASONS.map((reason) =>
      `unix_user_exporter_read_failures_total{source="logind",reason="${reason}"} 0`
    ),
    'unix_user_exporter_source_up{source="utmp"} 0',
  ]);
  assertEquals(linesWith(stderr, "cannot read the sessions").length, 1);
  assertEquals(stderr.split("\n").length, 2);
  assertMatch(stderr, new RegExp(` path=${path} reason=missing `));
});

for (const source of ["utmp", "logind"] as const) {
  Deno.test(`--labels.drop=login_time hides when the last login to ${source} was`, async () => {
    await using dir = await tempDir();
    await using folder = await logindFolder();
    const path = dir.join("utmp");
    const record = login("alice", "pts/0", "192.0.2.1");
    await writeUtmp(path, [record]);
    await folder.write("1", "alice");
    await Deno.writeTextFile(`${folder.path}/seats/seat0`, "IS_SEAT0=1\n");
    // Whoever writes a record of a login changes the file at that time.
    const modified = source === "utmp" ? path : folder.sessions;
    const time = (source === "utmp" ? record.seconds : undefined) ?? LOGIND_LOGIN;
    await Deno.utime(modified, time, time);
    const { code, stdout, stderr } = await runExporter([
      ...["--once", "--debug", "--labels.drop=login_time", `--source=${source}`],
      ...[`--utmp-path=${path}`, `--logind-path=${folder.path}`],
    ]);
    assertEquals(code, 0);
    assertMatch(
      stdout,
      /session_info\{username="alice",from="192.0.2.1",tty="[^"]+",login_time=""/,
    );
    assertMatch(stderr, /level=debug [^\n]*user=alice/);
    const text = stdout + stderr;
    assertEquals(text.match(/modified_timestamp_seconds|17532[78]\d{4}|2025-07-23/g), null);
  });
}

Deno.test("an unknown time zone is one warning, with the offset that is used", async () => {
  const args = ["--once", `--utmp-path=${fixture("x86_64.utmp").pathname}`];
  const { code, stderr } = await runExporter(args, { env: { TZ: "Nowhere/At_All" } });
  assertEquals(code, 0);
  assertMatch(
    stderr,
    /^\S+ level=warn [^\n]*msg="unknown time zone" TZ=Nowhere\/At_All login_time=[+-]\d\d:\d\d advice=[^\n]+\n$/,
  );
});

testNeeding(
  [program("perl")],
  "a pipe that its maker does not let block gets everything on Node, and a failure on Deno",
  async () => {
    await using dir = await tempDir();
    const path = dir.join("utmp");
    const count = 2_000;
    await writeUtmp(path, Array.from({ length: count }, (_, i) => login(`user${i}`, `pts/${i}`)));
    const isNode = (await runExporter(["--version"])).stdout.includes("node-");
    const unblocked = "fcntl(STDOUT, F_SETFL, fcntl(STDOUT, F_GETFL, 0) | O_NONBLOCK); exec @ARGV";
    for (
      const [mode, marker] of [["--dump", '"line":"pts/'], ["--once", "session_info{"]] as const
    ) {
      const words = programCommand([mode, `--utmp-path=${path}`]);
      // Deno does not say how much of what it was given has gone through such a pipe.
      const { code, stdout, stderr } = await run([
        ...["sh", "-c", '"$@" | { sleep 1; cat; }', "sh"],
        ...["perl", "-MFcntl", "-e", unblocked, ...words],
      ]);
      assertMatch(
        stderr,
        isNode ? /^$/ : /^unix-user-exporter: cannot write to stdout: WouldBlock/,
      );
      if (isNode) assertEquals([code, stdout.split(marker).length - 1], [0, count], mode);
    }
  },
);

for (const [name, layout] of FIXTURES) {
  Deno.test(`--dump of ${name} prints what was written on its port`, async () => {
    const { code, stdout, stderr } = await runExporter([
      "--dump",
      `--utmp-path=${fixture(name).pathname}`,
    ]);
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    const lines = stdout.trimEnd().split("\n").map((line): unknown => JSON.parse(line));
    assertEquals(lines, [...expectedRecords(layout)]);
  });
}

Deno.test("--dump of a file without any record prints its faults and exits with 1", async () => {
  await using dir = await tempDir();
  const path = dir.join("utmp");
  await Deno.writeFile(path, new Uint8Array(400).fill(0xff));
  assertEquals(await runExporter(["--dump", "--utmp-layout=384le", `--utmp-path=${path}`]), {
    code: 1,
    stdout: [
      '{"offset":0,"length":384,"why":"type -1 is not 0 to 9"}',
      '{"offset":384,"length":16,"why":"16 bytes are not a whole record"}',
      "",
    ].join("\n"),
    stderr: `unix-user-exporter: ${path} is not a utmp file of layout 384le\n`,
  });
});

Deno.test("--dump of a missing file exits with 1 and one line", async () => {
  await using dir = await tempDir();
  const path = dir.join("utmp");
  const { code, stdout, stderr } = await runExporter(["--dump", `--utmp-path=${path}`]);
  assertEquals({ code, stdout }, { code: 1, stdout: "" });
  assertMatch(stderr, new RegExp(`^unix-user-exporter: cannot read ${path}: missing: .+\n$`));
});

for (const mode of ["--dump", "--once"]) {
  Deno.test(`${mode} with a closed pipe ends with one line and no stack trace`, async () => {
    await using dir = await tempDir();
    const path = dir.join("utmp");
    // Far more than a pipe holds, so that the reader is gone before all is written.
    const records = Array.from({ length: 2_000 }, (_, i) => {
      return { type: "user_process", user: `u${i}`, line: `pts/${i}`, seconds: 1e9 } as const;
    });
    await Deno.writeFile(path, encodeUtmp("384le", records));
    const script = '{ "$@"; echo "code $?" >&2; } | head -n 1 >/dev/null';
    const words = programCommand([mode, `--utmp-path=${path}`]);
    const { stderr } = await run(["sh", "-c", script, "sh", ...words]);
    assertMatch(
      stderr,
      /^unix-user-exporter: cannot write to stdout: (BrokenPipe|Error: EPIPE): [^\n]+\ncode 1\n$/,
    );
  });
}

Deno.test("--dump of an empty file prints nothing", async () => {
  await using dir = await tempDir();
  const path = dir.join("utmp");
  await Deno.writeFile(path, new Uint8Array(0));
  assertEquals(await runExporter(["--dump", `--utmp-path=${path}`]), {
    code: 0,
    stdout: "",
    stderr: "",
  });
});

Deno.test("--dump of a path with control characters complains in one line without them", async () => {
  await using dir = await tempDir();
  const { code, stderr } = await runExporter(["--dump", `--utmp-path=${dir.join("a\nb\x1b[31m")}`]);
  assertEquals(code, 1);
  assertMatch(stderr, /^[^\p{Cc}]+\n$/u);
});
