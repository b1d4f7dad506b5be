import { assertEquals } from "../support/assert.ts";
import { startExporter } from "../support/exporter.ts";
import { program, testNeeding } from "../support/needs.ts";
import { lint, TOLERATED } from "../support/promtool.ts";
import { seriesOf } from "../support/samples.ts";
import { fixture } from "../support/temp_dir.ts";
import { utmpFile } from "../support/utmp_file.ts";

const GOLDEN = new URL("../golden/x86_64.txt", import.meta.url);

/** Modification time that the copy of the fixture gets, in seconds since the epoch. */
const MODIFIED = 1_753_286_400;

/** The values that vary; the rest of the line stays. */
const VARYING: readonly RegExp[] = [
  /^(unix_user_exporter_source_read_duration_seconds\{source="utmp"\} )\d[\d.e-]*$/m,
  /^(process_cpu_seconds_total )\d[\d.e-]*$/m,
  /^(process_resident_memory_bytes )\d+$/m,
  /^(process_start_time_seconds )\d[\d.]*$/m,
  ...["revision", "branch", "denoversion", "arch"].map((label) =>
    new RegExp(`^(unix_user_exporter_build_info\\{.*\\b${label}=")[^"]*`, "m")
  ),
];

/** The series in the README of the original for these records, with TZ=UTC. */
const CONTRACT: readonly string[] = [
  'unix_user_session_by_ip{ip="10.0.0.50"} 1',
  'unix_user_session_by_ip{ip="192.168.1.100"} 1',
  'unix_user_session_count{username="alice"} 2',
  'unix_user_session_count{username="bob"} 1',
  'unix_user_session_info{username="alice",from="10.0.0.50",tty="pts/1",login_time="2025-07-23 15:45"} 1',
  'unix_user_session_info{username="alice",from="192.168.1.100",tty="pts/0",login_time="2025-07-23 14:16"} 1',
  'unix_user_session_info{username="bob",from="-",tty="tty1",login_time="2025-07-23 12:30"} 1',
  "unix_users_logged_in_total 3",
];

const CONTRACT_METRICS = new Set(CONTRACT.map((series) => /^\w+/.exec(series)?.[0] ?? ""));

async function scrapeOf(name: string, env: Record<string, string> = {}): Promise<string> {
  await using file = await utmpFile();
  await Deno.copyFile(fixture(name), file.path);
  await Deno.utime(file.path, MODIFIED, MODIFIED);
  await using exporter = await startExporter([file.flag], { env });
  return await exporter.scrape();
}

Deno.test("golden: a scrape of the x86_64 fixture is tests/golden/x86_64.txt", async () => {
  const scrape = await scrapeOf("x86_64.utmp");
  const fixed = VARYING.reduce((text, pattern) => text.replace(pattern, "$1VARIES"), scrape);
  if (Deno.env.get("UPDATE_GOLDEN") === "1") await Deno.writeTextFile(GOLDEN, fixed);
  assertEquals(fixed, await Deno.readTextFile(GOLDEN));
});

testNeeding(
  [program("promtool")],
  "promtool accepts a scrape, except for two names of the contract",
  async () => assertEquals(await lint(await scrapeOf("x86_64.utmp")), TOLERATED),
);

for (const name of ["x86_64.utmp", "ppc64.utmp", "aarch64.utmp", "s390x.utmp"]) {
  Deno.test(`${name} gives the contract's series with the contract's values`, async () => {
    assertEquals(seriesOf(await scrapeOf(name), ...CONTRACT_METRICS), CONTRACT);
  });
}

Deno.test("TZ changes login_time, but not the timestamp", async () => {
  const scrape = await scrapeOf("x86_64.utmp", { TZ: "America/New_York" });
  const names = ["unix_user_session_info", "unix_session_login_timestamp_seconds"];
  const bob = seriesOf(scrape, ...names).filter((line) => line.includes('"bob"'));
  assertEquals(bob, [
    'unix_session_login_timestamp_seconds{username="bob",from="-",tty="tty1"} 1753273800',
    'unix_user_session_info{username="bob",from="-",tty="tty1",login_time="2025-07-23 08:30"} 1',
  ]);
});
