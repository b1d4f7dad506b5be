import { FAILURE_REASONS } from "../../lib/sessions/snapshot.ts";
import { assertEquals, assertMatch } from "../support/assert.ts";
import { expectedRecords, FIXTURES } from "../support/fixtures.ts";
import { logindFolder } from "../support/logind_folder.ts";
import { linesWith } from "../support/log_lines.ts";
import { program, testNeeding } from "../support/needs.ts";
import { programCommand, run, runExporter } from "../support/program.ts";
import { metricNamesOf, samplesOf } from "../support/samples.ts";
import { fixture } from "../support/temp_dir.ts";
import { login, utmpFile } from "../support/utmp_file.ts";

const FIXTURE = `--utmp-path=${fixture("x86_64.utmp").pathname}`;

/** The login of a session of {@link logindFolder}, in seconds since the epoch. */
const LOGIND_LOGIN = 1_753_280_160.5;

/** Far more records than a pipe takes. */
const COUNT = 2_000;
const MANY = Array.from({ length: COUNT }, (_, i) => login(`user${i}`, `pts/${i}`));

Deno.test("--once prints one exposition without process metrics, and nothing else", async () => {
  const { code, stdout, stderr } = await runExporter(["--once", FIXTURE]);
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assertMatch(stdout, /^# HELP [^]*[^\n]\n$/);
  assertEquals(metricNamesOf(stdout), [
    "unix_user_exporter_read_failures_total",
    "unix_user_exporter_build_info",
    "unix_user_exporter_source_up",
    "unix_user_exporter_source_read_duration_seconds",
    "unix_user_exporter_source_modified_timestamp_seconds",
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

Deno.test("--once without the file omits session metrics, source_up is 0, exit code 1", async () => {
  await using file = await utmpFile();
  const { code, stdout, stderr } = await runExporter(["--once", file.flag]);
  assertEquals(code, 1);
  const failures = (source: string, missing: number): readonly string[] =>
    FAILURE_REASONS.map((reason) =>
      `unix_user_exporter_read_failures_total{source="${source}",reason="${reason}"} ` +
      `${reason === "missing" ? missing : 0}`
    );
  assertEquals(samplesOf(stdout).filter((line) => !line.includes("build_info")), [
    ...failures("utmp", 1),
    ...failures("logind", 0),
    'unix_user_exporter_source_up{source="utmp"} 0',
  ]);
  assertEquals(linesWith(stderr, "cannot read the sessions").length, 1);
  assertEquals(stderr.split("\n").length, 2);
  assertMatch(stderr, new RegExp(` path=${file.path} reason=missing `));
});

for (const source of ["utmp", "logind"] as const) {
  Deno.test(`--labels.drop=login_time hides the time of the last login to ${source}`, async () => {
    const record = login("alice", "pts/0", "192.0.2.1");
    await using file = await utmpFile([record]);
    await using folder = await logindFolder();
    await folder.write("1", "alice");
    // The file is modified at the time of the login.
    const modified = source === "utmp" ? file.path : folder.sessions;
    const time = (source === "utmp" ? record.seconds : undefined) ?? LOGIND_LOGIN;
    await Deno.utime(modified, time, time);
    const { code, stdout, stderr } = await runExporter([
      ...["--once", "--debug", "--labels.drop=login_time", `--source=${source}`],
      ...[file.flag, `--logind-path=${folder.path}`],
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
  const { code, stderr } = await runExporter(["--once", FIXTURE], {
    env: { TZ: "Nowhere/At_All" },
  });
  assertEquals(code, 0);
  assertMatch(
    stderr,
    /^\S+ level=warn [^\n]*msg="unknown time zone" TZ=Nowhere\/At_All login_time=[+-]\d\d:\d\d advice=[^\n]+\n$/,
  );
});

for (const [mode, marker] of [["--dump", '"line":"pts/'], ["--once", "session_info{"]] as const) {
  testNeeding([program("perl")], `${mode} to a nonblocking pipe fails only on Deno`, async () => {
    await using file = await utmpFile(MANY);
    const isNode = (await runExporter(["--version"])).stdout.includes("node-");
    const nonblocking =
      "fcntl(STDOUT, F_SETFL, fcntl(STDOUT, F_GETFL, 0) | O_NONBLOCK); exec @ARGV";
    // Deno does not report how much was written to such a pipe.
    const { code, stdout, stderr } = await run([
      ...["sh", "-c", '"$@" | { sleep 1; cat; }', "sh"],
      ...["perl", "-MFcntl", "-e", nonblocking, ...programCommand([mode, file.flag])],
    ]);
    assertMatch(
      stderr,
      isNode ? /^$/ : /^unix-user-exporter: cannot write to stdout: WouldBlock/,
    );
    if (isNode) assertEquals([code, stdout.split(marker).length - 1], [0, COUNT]);
  });

  Deno.test(`${mode} with a closed pipe ends with one line and no stack trace`, async () => {
    await using file = await utmpFile(MANY);
    const script = '{ "$@"; echo "code $?" >&2; } | head -n 1 >/dev/null';
    const words = programCommand([mode, file.flag]);
    const { stderr } = await run(["sh", "-c", script, "sh", ...words]);
    assertMatch(
      stderr,
      /^unix-user-exporter: cannot write to stdout: (BrokenPipe|Error: EPIPE): [^\n]+\ncode 1\n$/,
    );
  });
}

for (const [name, layout] of FIXTURES) {
  Deno.test(`--dump of ${name} prints its records`, async () => {
    const path = `--utmp-path=${fixture(name).pathname}`;
    const { code, stdout, stderr } = await runExporter(["--dump", path]);
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    const lines = stdout.trimEnd().split("\n").map((line): unknown => JSON.parse(line));
    assertEquals(lines, [...expectedRecords(layout)]);
  });
}

Deno.test("--dump of a file without any record prints its faults and exits with 1", async () => {
  await using file = await utmpFile();
  await Deno.writeFile(file.path, new Uint8Array(400).fill(0xff));
  assertEquals(await runExporter(["--dump", "--utmp-layout=384le", file.flag]), {
    code: 1,
    stdout: [
      '{"offset":0,"length":384,"why":"type -1 is not 0 to 9"}',
      '{"offset":384,"length":16,"why":"16 bytes are not a whole record"}',
      "",
    ].join("\n"),
    stderr: `unix-user-exporter: ${file.path} is not a utmp file of layout 384le\n`,
  });
});

Deno.test("--dump of a missing file exits with 1 and one line", async () => {
  await using file = await utmpFile();
  const { code, stdout, stderr } = await runExporter(["--dump", file.flag]);
  assertEquals({ code, stdout }, { code: 1, stdout: "" });
  assertMatch(stderr, new RegExp(`^unix-user-exporter: cannot read ${file.path}: missing: .+\n$`));
});

Deno.test("--dump of an empty file prints nothing", async () => {
  await using file = await utmpFile([]);
  assertEquals(await runExporter(["--dump", file.flag]), { code: 0, stdout: "", stderr: "" });
});

Deno.test("--dump escapes control characters of a path", async () => {
  const { code, stderr } = await runExporter(["--dump", "--utmp-path=/nonexistent/a\nb\x1b[31m"]);
  assertEquals(code, 1);
  assertMatch(stderr, /^[^\p{Cc}]+\n$/u);
});
