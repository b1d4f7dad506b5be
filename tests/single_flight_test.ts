import { singleFlight } from "../lib/single_flight.ts";
import { assertEquals } from "./support/assert.ts";

Deno.test("overlapping calls share one run, later calls start another", async () => {
  let runs = 0;
  const run = singleFlight(() => Promise.resolve(++runs));
  assertEquals(await Promise.all([run(), run(), run()]), [1, 1, 1]);
  assertEquals(await run(), 2);
});

Deno.test("a run that fails rejects all its calls, and the next call starts another", async () => {
  let runs = 0;
  const run = singleFlight(() =>
    ++runs === 1 ? Promise.reject(new RangeError("broken")) : Promise.resolve(runs)
  );
  const outcomes = await Promise.allSettled([run(), run()]);
  assertEquals(outcomes.map(({ status }) => status), ["rejected", "rejected"]);
  assertEquals(await run(), 2);
});
