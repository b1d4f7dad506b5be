/**
 * Reads the btmp file of its argument in a process of its own, as the exporter does, and appends to it. Prints
 * what that took as one line of JSON, a {@link HistoryPass}.
 */
import process from "node:process";
import { BtmpSource } from "../lib/history/btmp.ts";
import { configureLog } from "../lib/log.ts";
import { pause } from "../lib/pause.ts";
import { EVERYBODY } from "../lib/sessions/user_filter.ts";
import { appendFailures } from "./large_btmp.ts";
import { median } from "./table.ts";

/** How often the reads after the first pass are measured. */
const RUNS = 15;

const APPENDED = 1_000;

/** Times are in milliseconds, memory in bytes. */
export interface HistoryPass {
  readonly records: number;
  readonly pass: number;
  readonly cpu: number;
  /** The longest time in which nothing else could run. */
  readonly blocked: number;
  /** Resident memory before the pass, and the most during and after it. */
  readonly before: number;
  readonly peak: number;
  readonly unchanged: number;
  readonly appended: number;
}

const [path = ""] = Deno.args;
const source = new BtmpSource({
  path,
  nativeLayout: "384le",
  files: Deno,
  clock: { epoch: () => Date.now(), monotonic: () => performance.now() },
  log: configureLog({ level: "info", format: "logfmt", write: () => {} }),
  filter: EVERYBODY,
  maxAddresses: 20,
});
const before = Deno.memoryUsage().rss;
let [peak, blocked, isReading] = [0, 0, true];

/** Notes how late a timer is, and how much memory is used. */
async function watch(): Promise<void> {
  while (isReading) {
    const due = performance.now() + 1;
    await pause(1);
    blocked = Math.max(blocked, performance.now() - due);
    peak = Math.max(peak, Deno.memoryUsage().rss);
  }
}

/** Median milliseconds of a read, each after some work. */
async function timeOfRead(work: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    await work();
    const start = performance.now();
    await source.read({ waits: false });
    times.push(performance.now() - start);
  }
  return median(times);
}

const watching = watch();
const start = performance.now();
const usage = process.cpuUsage();
const read = await source.read({ waits: true });
const pass = performance.now() - start;
const { user, system } = process.cpuUsage(usage);
isReading = false;
await watching;
if (!read.ok || read.data === null) throw new Error(`Cannot read ${path}`);
const result: HistoryPass = {
  records: read.data.remote,
  pass,
  cpu: (user + system) / 1_000,
  blocked,
  before,
  unchanged: await timeOfRead(() => Promise.resolve()),
  appended: await timeOfRead(() => appendFailures(path, { records: APPENDED, addresses: 500_000 })),
  peak: Math.max(peak, Deno.memoryUsage().rss),
};
Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(result)}\n`));
