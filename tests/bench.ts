/**
 * Measures the path of a scrape when the file changed: read, detect and decode, sessions, exposition.
 * Beside it what prom-client's own gauges cost, set and rendered to the same series. Prints a table: median milliseconds and bytes allocated in the heap, for each number of sessions.
 */
import { sessionFamilies } from "../lib/exposition.ts";
import { promClientExposition } from "./prom_client_exposition.ts";
import { snapshotOfUtmp } from "../lib/snapshot.ts";
import { decodeUtmp } from "../lib/utmp/decode.ts";
import { detectLayout } from "../lib/utmp/detect.ts";
import { renderFamilies } from "../lib/text_format.ts";
import { encodeUtmp, type RecordFields } from "./encode_utmp.ts";

const SIZES = [10, 1_000, 10_000, 100_000];

/** Steps are repeated for about this long, in milliseconds, and at least so many times. */
const BUDGET = 1_500;
const LEAST_RUNS = 5;

function loginOf(i: number): RecordFields {
  return {
    type: "user_process",
    pid: 1_000 + i,
    line: `pts/${i}`,
    id: String(i % 10_000),
    user: `user${i % 500}`,
    host: `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`,
    session: 1_000 + i,
    seconds: 1_753_280_000 + i,
    microseconds: i % 1_000_000,
    address: Uint8Array.of(10, (i >> 16) & 255, (i >> 8) & 255, i & 255, ...new Uint8Array(12)),
  };
}

/** Median milliseconds. */
async function timeOf(step: () => unknown): Promise<string> {
  const times: number[] = [];
  const start = performance.now();
  while (times.length < LEAST_RUNS || performance.now() - start < BUDGET) {
    const before = performance.now();
    await step();
    times.push(performance.now() - before);
  }
  times.sort((a, b) => a - b);
  return `${(times[times.length >> 1] ?? NaN).toFixed(3)} ms`;
}

/**
 * What one step leaves in the heap that nothing was collected from; buffers outside of it do not count.
 * The task makes the new generation large enough for that, which makes the same step slow, so that time is
 * measured in a run of its own.
 */
async function bytesOf(step: () => unknown): Promise<string> {
  const collect: unknown = Reflect.get(globalThis, "gc");
  if (typeof collect !== "function") throw new TypeError("Cannot count bytes without --expose-gc");
  await step();
  collect();
  const before = Deno.memoryUsage().heapUsed;
  await step();
  const bytes = Deno.memoryUsage().heapUsed - before;
  return bytes < 0 ? "collected" : `${(bytes / 1024).toFixed(0)} KiB`;
}

const costOf = Deno.args.includes("--bytes") ? bytesOf : timeOf;
const path = await Deno.makeTempFile({ suffix: ".utmp" });
const write = (line: string): number =>
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
write("| sessions | read | detect, decode | sessions | exposition | prom-client's gauges | body |");
write("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
try {
  for (const size of SIZES) {
    const bytes = encodeUtmp("384le", Array.from({ length: size }, (_, i) => loginOf(i)));
    await Deno.writeFile(path, bytes);
    const decoded = decodeUtmp(bytes, "384le");
    const snapshot = snapshotOfUtmp(decoded);
    const shown = { snapshot, sessions: snapshot.sessions, bootTime: null, stale: null };
    const shape = { dropped: new Set<never>(), maxSeries: size };
    const expose = (): Uint8Array =>
      new TextEncoder().encode(renderFamilies(sessionFamilies(shown, shape), "text"));
    const body = expose().length;
    const cells = [
      await costOf(() => Deno.readFile(path)),
      await costOf(() => decodeUtmp(bytes, detectLayout(bytes, "400be"))),
      await costOf(() => snapshotOfUtmp(decoded)),
      await costOf(expose),
      await costOf(() => promClientExposition(snapshot.sessions)),
    ];
    write(`| ${size} | ${cells.join(" | ")} | ${(body / 1024).toFixed(0)} KiB |`);
  }
} finally {
  await Deno.remove(path);
}
