import { Timeout } from "../../lib/files/timeout.ts";
import { assertEquals } from "../support/assert.ts";

const EXPIRED = { ok: false, error: "no response in 10 ms" } as const;

Deno.test("an operation in time gives its value, and one that rejects its error", async () => {
  const timeout = new Timeout<string>(10);
  assertEquals(await timeout.run(() => Promise.resolve("value")), { ok: true, value: "value" });
  const error = new RangeError("broken");
  assertEquals(await timeout.run(() => Promise.reject(error)), {
    ok: false,
    error: "RangeError: broken",
  });
});

Deno.test("while an operation hangs, no other one is started", async () => {
  const timeout = new Timeout<string>(10);
  const { promise, resolve } = Promise.withResolvers<string>();
  let starts = 0;
  const operation = (): Promise<string> => {
    starts++;
    return promise;
  };
  for (let i = 0; i < 2; i++) assertEquals(await timeout.run(operation), EXPIRED);
  assertEquals(starts, 1);
  resolve("late");
  await promise;
  assertEquals(await timeout.run(operation), { ok: true, value: "late" });
  assertEquals(starts, 2);
});
