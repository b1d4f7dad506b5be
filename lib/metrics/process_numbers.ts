import type { Clock } from "../clock.ts";
import type { ProcessNumbers, ProcessSample } from "./exporter_metrics.ts";

declare global {
  namespace Deno {
    /** Microseconds of CPU time. Deno has this function without a flag, but not in its types. */
    function cpuUsage(): { readonly user: number; readonly system: number };
  }
}

/** The part of `Deno` that measures the process. It needs no permission. */
type Runtime = Pick<typeof Deno, "cpuUsage" | "memoryUsage">;

/** How long a sample is reused, in milliseconds. Reading one takes a third of the time of a small scrape. */
const SAMPLE_AGE = 100;

/** The numbers of this process; `startTime` in seconds since the epoch. */
export function processNumbers(
  runtime: Runtime,
  { clock, startTime }: {
    readonly clock: Pick<Clock, "monotonic">;
    readonly startTime: number;
  },
): ProcessNumbers {
  let readAt = -Infinity;
  let last: ProcessSample = { cpu: 0, residentMemory: 0 };
  const sample = (): ProcessSample => {
    const now = clock.monotonic();
    if (now - readAt < SAMPLE_AGE) return last;
    readAt = now;
    const { user, system } = runtime.cpuUsage();
    last = { cpu: (user + system) / 1e6, residentMemory: runtime.memoryUsage().rss };
    return last;
  };
  return { sample, startTime };
}
