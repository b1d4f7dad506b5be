import type { ReadResult } from "../../lib/sessions/snapshot.ts";
import { readWithTimeout } from "../../lib/files/read_with_timeout.ts";
import { assertEquals } from "../support/assert.ts";
import { resultWith, snapshotWith } from "../support/observations.ts";

const RESULT: ReadResult = resultWith(snapshotWith());

const OPTIONS = { source: "logind", path: "/run/systemd", milliseconds: 10 } as const;

function failureOf(error: string): ReadResult {
  const advice = "check the file system of the path";
  const failure = { source: "logind", path: "/run/systemd", reason: "io", error, advice } as const;
  return { ok: false, failure };
}

Deno.test("a source that hangs fails, and is read again when it has answered", async () => {
  const { promise, resolve } = Promise.withResolvers<ReadResult>();
  let reads = 0;
  const read = (): Promise<ReadResult> => {
    reads++;
    return promise;
  };
  const limited = readWithTimeout(read, OPTIONS);
  for (let i = 0; i < 2; i++) assertEquals(await limited(), failureOf("no response in 10 ms"));
  assertEquals(reads, 1);
  resolve(RESULT);
  await promise;
  assertEquals(await limited(), RESULT);
  assertEquals(reads, 2);
});

Deno.test("a source that rejects fails with its error, in time and late", async () => {
  const error = new RangeError("broken");
  const failure = failureOf("RangeError: broken");
  const inTime = readWithTimeout(() => Promise.reject(error), OPTIONS);
  assertEquals(await inTime(), failure);
  const { promise, reject } = Promise.withResolvers<ReadResult>();
  const late = readWithTimeout(() => promise, OPTIONS);
  assertEquals(await late(), failureOf("no response in 10 ms"));
  reject(error);
  await promise.catch(() => {});
  assertEquals(await late(), failure);
});
