/**
 * Measures the path of a scrape when the file changed: read, records to sessions, exposition.
 * Beside it what prom-client's own gauges cost, set and rendered to the same series. Prints a table: median milliseconds and bytes allocated in the heap, for each number of sessions.
 */
import { sessionFamilies } from "../lib/metrics/exposition.ts";
import { promClientExposition } from "./prom_client_exposition.ts";
import { type Snapshot, utmpSnapshot } from "../lib/sessions/snapshot.ts";
import { EVERYBODY } from "../lib/sessions/user_filter.ts";
import { utmpEntries } from "../lib/utmp/decode.ts";
import { detectLayout } from "../lib/utmp/detect.ts";
import type { LayoutName } from "../lib/utmp/layout.ts";
import { encodedParts, renderedChunks } from "../lib/metrics/text_format.ts";
import { encodeUtmp } from "../tests/support/encode_utmp.ts";
import { logins } from "../tests/support/logins.ts";
import { visibleWith } from "../tests/support/observations.ts";
import { median, printHead, printRow } from "./table.ts";

const SIZES = [10, 1_000, 10_000, 100_000];

/** Steps are repeated for about this long, in milliseconds, and at least so many times. */
const BUDGET = 1_500;
const LEAST_RUNS = 5;

/** Median milliseconds. */
async function timeOf(step: () => unknown): Promise<string> {
  const times: number[] = [];
  const start = performance.now();
  while (times.length < LEAST_RUNS || performance.now() - start < BUDGET) {
    const before = performance.now();
    await step();
    times.push(performance.now() - before);
  }
  return `${median(times).toFixed(3)} ms`;
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

/** The sessions of a file, without pauses and without a limit. */
function snapshotOf(bytes: Uint8Array, layout: LayoutName): Snapshot {
  const steps = utmpSnapshot(utmpEntries(bytes, layout), {
    filter: EVERYBODY,
    limits: { sessions: Infinity, characters: Infinity },
  });
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

const isCountingBytes = Deno.args.includes("--bytes");
const costOf = isCountingBytes ? bytesOf : timeOf;
const path = await Deno.makeTempFile({ suffix: ".utmp" });
printHead(
  isCountingBytes
    ? "Bytes of each step when the file changed"
    : "Time of each step when the file changed",
  "sessions",
  "read",
  "detect, decode, sessions",
  "exposition",
  "prom-client's gauges",
  "body",
);
try {
  for (const size of SIZES) {
    const bytes = encodeUtmp("384le", logins(size));
    await Deno.writeFile(path, bytes);
    const snapshot = snapshotOf(bytes, "384le");
    const visible = visibleWith(snapshot);
    const exposition = { dropped: new Set<never>(), maxSeries: size };
    const expose = (): number => {
      const texts = renderedChunks(sessionFamilies(visible, exposition), "text");
      return encodedParts(texts).reduce((sum, part) => sum + (part?.length ?? 0), 0);
    };
    const body = expose();
    const cells = [
      await costOf(() => Deno.readFile(path)),
      await costOf(() => snapshotOf(bytes, detectLayout(bytes, "400be").layout)),
      await costOf(expose),
      await costOf(() => promClientExposition(snapshot.sessions)),
    ];
    printRow(size, ...cells, `${(body / 1024).toFixed(0)} KiB`);
  }
} finally {
  await Deno.remove(path);
}
