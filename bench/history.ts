/**
 * Measures the first pass over a btmp file of 1 GB, and the reads after it: of the source in a process of its
 * own, and of the exporter with `--btmp-path`, which is scraped meanwhile. Prints a table.
 */
import { startExporter } from "../tests/support/exporter.ts";
import { command, V8_FLAGS } from "../tests/support/program.ts";
import { residentMemory } from "../tests/support/resident_memory.ts";
import { tempDir } from "../tests/support/temp_dir.ts";
import { writeUtmp } from "../tests/support/utmp_file.ts";
import type { HistoryPass } from "./history_pass.ts";
import { appendFailures } from "./large_btmp.ts";
import { mebibytes, median, printHead, printRow } from "./table.ts";

const RECORDS = 2_700_000;
const ADDRESSES = 500_000;

/** How often each is measured. */
const ROUNDS = 3;

/** The exporter is scraped for so long at most, and then so often, in milliseconds. */
const PATIENCE = 60_000;
const INTERVAL = 20;

/** Times in milliseconds and memory in bytes. */
interface Scraped {
  /** Until the first scrape with failed logins; null if there was none. */
  readonly pass: number | null;
  readonly slowest: number;
  readonly memory: number;
}

async function passOver(path: string): Promise<HistoryPass> {
  const deno = [Deno.execPath(), "run", "-q", "-P=e2e", "--no-prompt", "--frozen"];
  const words = [...deno, `--v8-flags=${V8_FLAGS}`, "bench/history_pass.ts", path];
  const { success, stdout, stderr } = await command(words).output();
  if (!success) throw new Error(`Cannot read ${path}: ${new TextDecoder().decode(stderr)}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** Scrapes the exporter until its first pass has ended, and a little longer. */
async function scraped(args: readonly string[], until: string): Promise<Scraped> {
  await using exporter = await startExporter(args);
  const start = performance.now();
  let [slowest, memory, pass]: [number, number, number | null] = [0, 0, null];
  while (pass === null && performance.now() - start < PATIENCE) {
    const before = performance.now();
    const body = await exporter.scrape();
    slowest = Math.max(slowest, performance.now() - before);
    memory = Math.max(memory, (await residentMemory(exporter.pid)).total);
    if (body.includes(`\n${until}`)) pass = performance.now() - start;
    await new Promise((resolve) => setTimeout(resolve, INTERVAL));
  }
  return { pass, slowest, memory };
}

const ms = (time: number): string => `${time.toFixed(time < 10 ? 2 : 0)} ms`;

await using dir = await tempDir();
const [btmp, utmp] = [dir.join("btmp"), dir.join("utmp")];
await appendFailures(btmp, { records: RECORDS, addresses: ADDRESSES });
await writeUtmp(utmp, []);
const { size } = await Deno.stat(btmp);
const speed = (time: number): string => `${(size / 1e6 / (time / 1e3)).toFixed(0)} MB/s`;

printHead(`Past logins: btmp of ${(size / 1e9).toFixed(2)} GB`, "what", "measured", "goal");
const passes: HistoryPass[] = [];
for (let i = 0; i < ROUNDS; i++) {
  passes.push(await passOver(btmp));
  await Deno.truncate(btmp, size);
}
const of = (name: keyof HistoryPass): number => median(passes.map((pass) => pass[name]));
printRow("first pass", `${ms(of("pass"))}, ${speed(of("pass"))}`, "");
printRow("first pass, of the processor", `${ms(of("cpu"))}, ${speed(of("cpu"))}`, ">= 200 MB/s");
const more = mebibytes(median(passes.map(({ peak, before }) => peak - before)));
printRow("resident memory more than before", more, "<= 30 MB");
printRow("longest time without other work", ms(of("blocked")), "<= 50 ms");
printRow("read with nothing appended", ms(of("unchanged")), "1 stat");
printRow("read with 1,000 records appended", ms(of("appended")), "<= 5 ms");

const without = await scraped([`--utmp-path=${utmp}`], "unix_users_logged_in_total ");
const both = await scraped(
  [`--utmp-path=${utmp}`, `--btmp-path=${btmp}`],
  "unix_failed_logins_total{",
);
if (both.pass === null) {
  printRow("exporter with --btmp-path", "no unix_failed_logins_total", "");
} else {
  printRow("exporter: until the first failed logins", ms(both.pass), "");
  printRow("exporter: slowest scrape meanwhile", ms(both.slowest), "<= 50 ms");
  const difference = mebibytes(both.memory - without.memory);
  printRow("exporter: resident memory more than without", difference, "<= 30 MB");
}
