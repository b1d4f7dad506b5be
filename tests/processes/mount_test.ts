import { Mount } from "../../lib/processes/mount.ts";
import { assertEquals } from "../support/assert.ts";
import { keptLog } from "../support/fakes.ts";

Deno.test("a mount that does not answer gives nothing, and one line when it begins and when it is over", async () => {
  const { log, messages } = keptLog();
  const mount = new Mount<string>({ path: "/host/proc", log, timeout: 10 });
  const { promise, resolve } = Promise.withResolvers<string>();
  let questions = 0;
  const question = (): Promise<string> => {
    questions++;
    return promise;
  };
  for (let i = 0; i < 3; i++) assertEquals(await mount.ask(question, "nothing"), "nothing");
  assertEquals(questions, 1);
  resolve("something");
  await promise;
  for (let i = 0; i < 2; i++) assertEquals(await mount.ask(question, "nothing"), "something");
  assertEquals(messages(), [
    '"a mount does not answer" path=/host/proc error="no answer in 10 ms" ' +
    'advice="sessions are shown without what it tells; check the mount"',
    '"a mount answers again" path=/host/proc',
  ]);
});

Deno.test("a mount that breaks gives nothing, and one line says how", async () => {
  const { log, messages } = keptLog();
  const mount = new Mount<string>({ path: "/host/proc", log });
  for (let i = 0; i < 2; i++) {
    assertEquals(
      await mount.ask(() => Promise.reject(new RangeError("broken")), "nothing"),
      "nothing",
    );
  }
  assertEquals(messages(), [
    '"a mount does not answer" path=/host/proc error="RangeError: broken" ' +
    'advice="sessions are shown without what it tells; check the mount"',
  ]);
});
