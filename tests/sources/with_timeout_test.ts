import type { ReadResult } from "../../lib/sessions/snapshot.ts";
import { SourceWithTimeout } from "../../lib/sources/with_timeout.ts";
import { assertEquals } from "../support/assert.ts";
import { resultWith, snapshotWith } from "../support/observations.ts";

const LOOK: ReadResult = resultWith(snapshotWith());

const OPTIONS = { name: "logind", path: "/run/systemd", timeout: 10 } as const;

function failureOf(error: string): ReadResult {
  const advice = "check the file system that holds the path";
  const failure = { source: "logind", path: "/run/systemd", reason: "io", error, advice } as const;
  return { ok: false, failure };
}

Deno.test("a source that does not answer fails, and is asked again when it has answered", async () => {
  const { promise, resolve } = Promise.withResolvers<ReadResult>();
  let results = 0;
  const result = (): Promise<ReadResult> => {
    results++;
    return promise;
  };
  const source = new SourceWithTimeout({ read: result }, OPTIONS);
  for (let i = 0; i < 2; i++) assertEquals(await source.read(), failureOf("no answer in 10 ms"));
  assertEquals(results, 1);
  resolve(LOOK);
  await promise;
  assertEquals(await source.read(), LOOK);
  assertEquals(results, 2);
});

Deno.test("a source that breaks fails and says how, early and late", async () => {
  const broken = (): Promise<ReadResult> => Promise.reject(new RangeError("broken"));
  assertEquals(
    await new SourceWithTimeout({ read: broken }, OPTIONS).read(),
    failureOf("RangeError: broken"),
  );
  const { promise, reject } = Promise.withResolvers<ReadResult>();
  const late = new SourceWithTimeout({ read: () => promise }, OPTIONS);
  assertEquals(await late.read(), failureOf("no answer in 10 ms"));
  reject(new RangeError("late"));
  await promise.catch(() => {});
  assertEquals(await late.read(), failureOf("RangeError: late"));
});
