import { HISTORY_METRICS } from "../../lib/metrics/catalog.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { encodeUtmp, type RecordFields } from "../support/encode_utmp.ts";
import { startExporter } from "../support/exporter.ts";
import { linesWith } from "../support/log_lines.ts";
import { program, testNeeding } from "../support/needs.ts";
import { lint, TOLERATED } from "../support/promtool.ts";
import { runExporter } from "../support/program.ts";
import { samplesOf } from "../support/samples.ts";
import { fixture, tempDir } from "../support/temp_dir.ts";

const UTMP = `--utmp-path=${fixture("x86_64.utmp").pathname}`;

const LOGIN = { type: "user_process", user: "ann", line: "pts/0", host: "192.0.2.1" } as const;
const PASSWORD = "hunter2 with a typo";

const WTMP: readonly RecordFields[] = [
  { type: "boot_time", line: "~", user: "reboot", seconds: 1_000_000_000 },
  { ...LOGIN, seconds: 1_000_000_100 },
  { ...LOGIN, type: "dead_process", user: "", seconds: 1_000_000_150 },
  { ...LOGIN, user: "bob", line: "tty1", host: "", seconds: 1_000_000_200 },
];

const BTMP: readonly RecordFields[] = [
  ...[1, 2, 3].map((i) => ({
    type: "login_process" as const,
    user: PASSWORD,
    line: "ssh:notty",
    host: "192.0.2.66",
    seconds: 1_000_000_000 + i,
  })),
  { type: "login_process", user: "eve", line: "tty1", host: "", seconds: 1_000_000_100 },
];

/** The samples of past logins that are not 0. */
function pastLoginsIn(text: string): readonly string[] {
  const names = /^unix_(logins|failed_logins|user_last_login)/;
  return samplesOf(text).filter((line) => names.test(line) && !line.endsWith(" 0"));
}

const COUNTED = [
  'unix_logins_total{kind="console",remote="false"} 1',
  'unix_logins_total{kind="pty",remote="true"} 1',
  'unix_failed_logins_total{remote="true"} 3',
  'unix_failed_logins_total{remote="false"} 1',
  'unix_failed_logins_by_ip_total{ip="192.0.2.66"} 3',
];

const LAST_LOGINS = [
  'unix_user_last_login_timestamp_seconds{username="alice"} 1753285500.000007',
  'unix_user_last_login_timestamp_seconds{username="bob"} 1753273800',
  'unix_user_last_login_timestamp_seconds{username="ann"} 1000000100',
];

/** Files of past logins in a temporary directory. */
async function pastLogins(): Promise<
  & { readonly flags: readonly string[]; readonly wtmp: string; readonly btmp: string }
  & AsyncDisposable
> {
  const dir = await tempDir();
  const [wtmp, btmp] = [dir.join("wtmp"), dir.join("btmp")];
  await Deno.writeFile(wtmp, encodeUtmp("384le", WTMP));
  await Deno.writeFile(btmp, encodeUtmp("400be", BTMP));
  const flags = [UTMP, "--source=utmp", `--wtmp-path=${wtmp}`, `--btmp-path=${btmp}`];
  return { flags, wtmp, btmp, [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose]() };
}

Deno.test("--once counts the logins of wtmp and the failed logins of btmp", async () => {
  await using files = await pastLogins();
  const { code, stdout, stderr } = await runExporter(["--once", ...files.flags]);
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assertEquals(new Set(pastLoginsIn(stdout)), new Set([...COUNTED, ...LAST_LOGINS]));
});

testNeeding(
  [program("promtool")],
  "promtool finds no fault in the metrics of past logins",
  async () => {
    await using files = await pastLogins();
    const { stdout } = await runExporter(["--once", ...files.flags]);
    const names = Object.values(HISTORY_METRICS).map(({ name }) => name)
      .filter((name) => !stdout.includes(`# TYPE ${name} `));
    assertEquals(names, [], "each metric is in the scrape");
    assertEquals(await lint(stdout), TOLERATED);
  },
);

Deno.test("nobody learns what was typed in place of a user name", async () => {
  await using files = await pastLogins();
  await using exporter = await startExporter([...files.flags, "--log.level=debug"]);
  const page = await (await fetch(`http://127.0.0.1:${exporter.port}/`)).text();
  const text = await exporter.scrape();
  const { stderr } = await exporter.stop();
  assert(stderr.includes("level=debug"));
  const outputs = [text, page, stderr];
  assert(page.includes("192.0.2.66"));
  for (const output of outputs) assert(!output.includes("hunter2"));
});

Deno.test("a failure of a source is logged once, and sessions are still served", async () => {
  await using dir = await tempDir();
  await using exporter = await startExporter([UTMP, `--wtmp-path=${dir.join("wtmp")}`]);
  for (let i = 0; i < 3; i++) {
    const text = await exporter.scrape();
    assert(text.includes('unix_user_exporter_source_up{source="wtmp"} 0\n'), text);
    assert(text.includes("unix_users_logged_in_total 3\n"), text);
    assertEquals(pastLoginsIn(text), []);
  }
  const { stderr } = await exporter.stop();
  assertEquals(linesWith(stderr, "cannot read past logins").length, 1);
});

/** Records that `--dump` prints, without numbers that do not matter here. */
async function dumpOf(flags: readonly string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await runExporter(["--dump", ...flags]);
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  const records = stdout.trimEnd().split("\n").filter((line) => line !== "")
    .map((line): Record<string, unknown> => JSON.parse(line));
  return records.map(({ user, line, host, seconds }) => `${user}|${line}|${host}|${seconds}`);
}

Deno.test("--dump prints wtmp or btmp in place of utmp, and obeys the privacy flags", async () => {
  await using files = await pastLogins();
  const [wtmp, btmp] = [`--wtmp-path=${files.wtmp}`, `--btmp-path=${files.btmp}`];
  assertEquals(await dumpOf([wtmp]), [
    "reboot|~||1000000000",
    "ann|pts/0|192.0.2.1|1000000100",
    "|pts/0|192.0.2.1|1000000150",
    "bob|tty1||1000000200",
  ]);
  assertEquals((await dumpOf([btmp]))[0], `${PASSWORD}|ssh:notty|192.0.2.66|1000000001`);
  assertEquals(await dumpOf([btmp, "--labels.drop=username,from,tty,login_time"]), [
    ...Array.from({ length: 4 }, () => "|||undefined"),
  ]);
  assertEquals(await dumpOf([wtmp, "--users.exclude=ann"]), [
    "reboot|~||1000000000",
    "bob|tty1||1000000200",
  ]);
  assertEquals(await dumpOf([btmp, "--users.include=eve"]), ["eve|tty1||1000000100"]);
});

Deno.test("--dump prints a file that is larger than what is read at a time", async () => {
  await using dir = await tempDir();
  const path = dir.join("btmp");
  const one = encodeUtmp("384le", [{ ...LOGIN, seconds: 1_000_000_000 }]);
  const records = 9 * 2 ** 20 / 384 | 0;
  const bytes = new Uint8Array(records * 384 + 5);
  for (let i = 0; i < records; i++) bytes.set(one, i * 384);
  await Deno.writeFile(path, bytes);
  const { code, stdout } = await runExporter(["--dump", `--btmp-path=${path}`]);
  const lines = stdout.trimEnd().split("\n").map((line): { offset: number } => JSON.parse(line));
  assertEquals(code, 0);
  assertEquals(
    lines.map(({ offset }) => offset),
    Array.from({ length: records + 1 }, (_, i) => 384 * i),
  );
});
