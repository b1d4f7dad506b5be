// @ts-types="../support/declarations/std_async_deadline.d.ts"
import { deadline } from "@std/async/deadline";
import { readConfig } from "../../lib/cli/config.ts";
import type { Collector } from "../../lib/collector/collector.ts";
import { createCollector } from "../../lib/collector/create_collector.ts";
import type { FileState } from "../../lib/files/files.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { FakeTree } from "../support/fake_tree.ts";
import { type KeptLog, keptLog, TestClock } from "../support/fakes.ts";

/** How long an collected may take on a machine that does much else, in milliseconds. */
const PATIENCE = 20_000;

const SESSION = "USER=ann\nCLASS=user\nSTATE=active\nTYPE=tty\nTTY=pts/1\nLEADER=7\n";

interface Observed extends KeptLog {
  readonly collector: Collector;
}

/** The collector that these flags ask for; whatever is asked of a path below `hung` is never answered. */
function observerWith(flags: readonly string[], hung: string): Observed {
  const kept = keptLog();
  const outcome = readConfig(["--source=auto", "--utmp-path=/none", ...flags], () => undefined);
  assert(outcome.ok);
  const tree = new FakeTree({
    "/run/systemd/seats/seat0": "",
    "/run/systemd/sessions/c1": SESSION,
  });
  const { promise: never } = Promise.withResolvers<never>();
  const files = {
    stat: (path: string): Promise<FileState> => path.startsWith(hung) ? never : tree.stat(path),
    lstat: (path: string): Promise<FileState> => path.startsWith(hung) ? never : tree.lstat(path),
    readFile: (path: string): Promise<Uint8Array> =>
      path.startsWith(hung) ? never : tree.readFile(path),
    readDir: (path: string): ReturnType<FakeTree["readDir"]> => tree.readDir(path),
  };
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
  const { collector } = observerWith([], "/run/systemd");
  const { results, visible } = await deadline(collector.collect(), PATIENCE);
  assertEquals(visible, null);
  assertEquals(
    results.map((result) => result.ok ? "ok" : `${result.failure.path}: ${result.failure.error}`),
    [
      "/none: NotFound: /none",
      "/run/systemd: no response in 3000 ms",
    ],
  );
});

Deno.test("a procfs or devfs that does not respond removes only its own details", async () => {
  for (const mount of ["procfs", "devfs"]) {
    const { collector, messages } = observerWith([`--path.${mount}=/host`], "/host");
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
