/**
 * Measures the path of a scrape when the file changed: read, detect and decode, sessions, exposition.
 * Prints a table: median milliseconds and bytes allocated in the heap, for each number of sessions.
 */
import { exposeObservation, type Shape } from "../lib/exposition.ts";
import { snapshotOfUtmp } from "../lib/snapshot.ts";
import { decodeUtmp } from "../lib/utmp/decode.ts";
import { detectLayout } from "../lib/utmp/detect.ts";
import { encodeUtmp, type RecordFields } from "./encode_utmp.ts";

const SIZES = [10, 1_000, 10_000, 100_000];

/** Steps are repeated for about this long, in milliseconds, and at least so many times. */
const BUDGET = 1_500;
const LEAST_RUNS = 5;

/** What one step costs. */
interface Cost {
  /** Median. */
  readonly milliseconds: number;
  /** Bytes in the heap, buffers outside of it not counted; null when they cannot be had. */
  readonly bytes: number | null;
}

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

async function costOf(step: () => unknown): Promise<Cost> {
  const times: number[] = [];
  const start = performance.now();
  while (times.length < LEAST_RUNS || performance.now() - start < BUDGET) {
    const before = performance.now();
    await step();
    times.push(performance.now() - before);
  }
  times.sort((a, b) => a - b);
  return { milliseconds: times[times.length >> 1] ?? NaN, bytes: await allocatedBy(step) };
}

/**
 * What one step leaves in the heap that nothing was collected from: the task's flags make the new
 * generation large enough. Null when the collector cannot be called, or ran all the same.
 */
async function allocatedBy(step: () => unknown): Promise<number | null> {
  const collect: unknown = Reflect.get(globalThis, "gc");
  if (typeof collect !== "function") return null;
  collect();
  const before = Deno.memoryUsage().heapUsed;
  await step();
  const bytes = Deno.memoryUsage().heapUsed - before;
  return bytes < 0 ? null : bytes;
}

function cell({ milliseconds, bytes }: Cost): string {
  const size = bytes === null ? "?" : `${(bytes / 1024).toFixed(0)} KiB`;
  return `${milliseconds.toFixed(3)} ms, ${size}`;
}

const path = await Deno.makeTempFile({ suffix: ".utmp" });
const write = (line: string): number =>
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
write("| sessions | read | detect, decode | sessions | exposition | body |");
write("| ---: | ---: | ---: | ---: | ---: | ---: |");
try {
  for (const size of SIZES) {
    const bytes = encodeUtmp("384le", Array.from({ length: size }, (_, i) => loginOf(i)));
    await Deno.writeFile(path, bytes);
    const decoded = decodeUtmp(bytes, "384le");
    const snapshot = snapshotOfUtmp(decoded);
    const look = { ok: true, snapshot, path, modified: 0, readDuration: 0 } as const;
    const { sessions } = snapshot;
    const observation = {
      ok: true,
      look,
      sessions,
      bootTime: 0,
      stale: null,
      idle: new Map(),
    } as const;
    const shape: Shape = { dropped: new Set(), maxSeries: size };
    const body = (await exposeObservation(observation, shape)).length;
    const cells = [
      await costOf(() => Deno.readFile(path)),
      await costOf(() => decodeUtmp(bytes, detectLayout(bytes, "400be"))),
      await costOf(() => snapshotOfUtmp(decoded)),
      await costOf(() => exposeObservation(observation, shape)),
    ].map(cell);
    write(`| ${size} | ${cells.join(" | ")} | ${(body / 1024).toFixed(0)} KiB |`);
  }
} finally {
  await Deno.remove(path);
}
