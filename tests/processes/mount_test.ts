import { Mount } from "../../lib/processes/mount.ts";
import { assertEquals } from "../support/assert.ts";
import { keptLog } from "../support/fakes.ts";

Deno.test("a mount that hangs gives the fallback, and its start and end are logged once", async () => {
  const { log, messages } = keptLog();
  const mount = new Mount<string>({ path: "/host/proc", log, milliseconds: 10 });
  const { promise, resolve } = Promise.withResolvers<string>();
  let reads = 0;
  const operation = (): Promise<string> => {
    reads++;
    return promise;
  };
  for (let i = 0; i < 3; i++) assertEquals(await mount.read(operation, "nothing"), "nothing");
  assertEquals(reads, 1);
  resolve("something");
  await promise;
  for (let i = 0; i < 2; i++) assertEquals(await mount.read(operation, "nothing"), "something");
  assertEquals(messages(), [
    '"the mount does not respond" path=/host/proc error="no response in 10 ms" ' +
    'advice="sessions are shown without details from this mount; check the mount"',
    '"the mount responds again" path=/host/proc',
  ]);
});

Deno.test("a mount that rejects gives the fallback, and its error is logged once", async () => {
  const { log, messages } = keptLog();
  const mount = new Mount<string>({ path: "/host/proc", log });
  for (let i = 0; i < 2; i++) {
    assertEquals(
      await mount.read(() => Promise.reject(new RangeError("broken")), "nothing"),
      "nothing",
    );
  }
  assertEquals(messages(), [
    '"the mount does not respond" path=/host/proc error="RangeError: broken" ' +
    'advice="sessions are shown without details from this mount; check the mount"',
  ]);
});
