import { processNumbers } from "../../lib/metrics/process_numbers.ts";
import { assertEquals, assertStrictEquals } from "../support/assert.ts";
import { TestClock } from "../support/fakes.ts";

Deno.test("a sample has seconds and bytes, and is reused for 100 ms", () => {
  const clock = new TestClock();
  let reads = 0;
  const runtime = {
    cpuUsage: () => ({ user: 1_500_000 * ++reads, system: 500_000 }),
    memoryUsage: () => ({ rss: 4_096, heapTotal: 1, heapUsed: 2, external: 3 }),
  };
  const { sample, startTime } = processNumbers(runtime, { clock, startTime: 5 });
  const first = sample();
  assertEquals([first, startTime], [{ cpu: 2, residentMemory: 4_096 }, 5]);
  clock.pass(99);
  assertStrictEquals(sample(), first);
  clock.pass(1);
  assertEquals(sample(), { cpu: 3.5, residentMemory: 4_096 });
});
