import type { Look } from "../../lib/sessions/snapshot.ts";
import { TimelySource } from "../../lib/sources/with_timeout.ts";
import { assertEquals } from "../support/assert.ts";
import { lookWith, snapshotWith } from "../support/observations.ts";

const LOOK: Look = lookWith(snapshotWith());

const OPTIONS = { name: "logind", path: "/run/systemd", timeout: 10 } as const;

function failureOf(error: string): Look {
  const advice = "check the file system that holds the path";
  const failure = { source: "logind", path: "/run/systemd", reason: "io", error, advice } as const;
  return { ok: false, failure };
}

Deno.test("a source that does not answer fails, and is asked again when it has answered", async () => {
  const { promise, resolve } = Promise.withResolvers<Look>();
  let looks = 0;
  const look = (): Promise<Look> => {
    looks++;
    return promise;
  };
  const source = new TimelySource({ look }, OPTIONS);
  for (let i = 0; i < 2; i++) assertEquals(await source.look(), failureOf("no answer in 10 ms"));
  assertEquals(looks, 1);
  resolve(LOOK);
  await promise;
  assertEquals(await source.look(), LOOK);
  assertEquals(looks, 2);
});

Deno.test("a source that breaks fails and says how, early and late", async () => {
  const broken = (): Promise<Look> => Promise.reject(new RangeError("broken"));
  assertEquals(
    await new TimelySource({ look: broken }, OPTIONS).look(),
    failureOf("RangeError: broken"),
  );
  const { promise, reject } = Promise.withResolvers<Look>();
  const late = new TimelySource({ look: () => promise }, OPTIONS);
  assertEquals(await late.look(), failureOf("no answer in 10 ms"));
  reject(new RangeError("late"));
  await promise.catch(() => {});
  assertEquals(await late.look(), failureOf("RangeError: late"));
});
