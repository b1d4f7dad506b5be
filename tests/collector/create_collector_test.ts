// @ts-types="../support/declarations/std_async_deadline.d.ts"
import { deadline } from "@std/async/deadline";
import { readConfig } from "../../lib/cli/config.ts";
import type { Collector } from "../../lib/collector/collector.ts";
import { createCollector } from "../../lib/collector/create_collector.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { FakeTree } from "../support/fake_tree.ts";
import { type KeptLog, keptLog, TestClock } from "../support/fakes.ts";

/** The maximum duration of a collection on a busy machine, in milliseconds. */
const PATIENCE = 20_000;

const SESSION = "USER=ann\nCLASS=user\nSTATE=active\nTYPE=tty\nTTY=pts/1\nLEADER=7\n";

/** The collector for these flags. Files below `hung` never respond. */
function collectorWith(
  flags: readonly string[],
  hung: string,
): KeptLog & { readonly collector: Collector } {
  const kept = keptLog();
  const outcome = readConfig(["--source=auto", "--utmp-path=/none", ...flags], () => undefined);
  assert(outcome.ok);
  const entries = { "/run/systemd/seats/seat0": "", "/run/systemd/sessions/c1": SESSION };
  const files = new FakeTree(entries);
  const { stat, lstat, readFile } = files;
  const { promise: never } = Promise.withResolvers<never>();
  files.stat = (path) => path.startsWith(hung) ? never : stat(path);
  files.lstat = (path) => path.startsWith(hung) ? never : lstat(path);
  files.readFile = (path) => path.startsWith(hung) ? never : readFile(path);
  const collector = createCollector(outcome.value, {
    files,
    clock: new TestClock(),
    log: kept.log,
    filter: () => true,
    nativeLayout: "384le",
    onFailure: () => {},
  });
  return { ...kept, collector };
}

Deno.test("auto: the failure of a logind that does not respond names its directory", async () => {
  const { collector } = collectorWith([], "/run/systemd");
  const { results, visible } = await deadline(collector.collect(), PATIENCE);
  assertEquals(visible, null);
  assertEquals(
    results.map((result) => result.ok ? "ok" : `${result.failure.path}: ${result.failure.error}`),
    ["/none: NotFound: /none", "/run/systemd: no response in 3000 ms"],
  );
});

Deno.test("a procfs or devfs that does not respond removes only its own details", async () => {
  for (const mount of ["procfs", "devfs"]) {
    const { collector, messages } = collectorWith([`--path.${mount}=/host`], "/host");
    for (const _ of [1, 2]) {
      const { visible, idle } = await deadline(collector.collect(), PATIENCE);
      assertEquals([visible?.sessions.length, visible?.stale, idle.size], [1, null, 0]);
    }
    assertEquals(messages().filter((line) => line.includes("/host")), [
      '"the mount does not respond" path=/host error="no response in 2000 ms" ' +
      'advice="sessions are shown without details from this mount; check the mount"',
    ]);
  }
});
