import { readConfig } from "../../lib/cli/config.ts";
import { READ_TIMEOUT } from "../../lib/files/read_with_timeout.ts";
import { createHistory, type HistoryDeps } from "../../lib/history/create_history.ts";
import type { History } from "../../lib/history/history.ts";
import { CHUNK_SIZE, FOREGROUND_CHUNKS } from "../../lib/history/record_follower.ts";
import { EVERYBODY } from "../../lib/sessions/user_filter.ts";
import { assert, assertEquals, fail } from "../support/assert.ts";
import { encodeUtmp } from "../support/encode_utmp.ts";
import { keptLog, TestClock } from "../support/fakes.ts";
import { GrowingFiles } from "../support/growing_files.ts";
import { failuresOf, sshFailures } from "../support/history.ts";

/** The history of a file btmp, read as by `--once`. */
function historyOnce(files: Partial<HistoryDeps["files"]>): History {
  const config = readConfig(["--btmp-path=btmp"], () => undefined);
  if (!config.ok) return fail(config.error);
  return createHistory(config.value, {
    files: { ...Deno, ...files },
    clock: new TestClock(),
    log: keptLog().log,
    filter: EVERYBODY,
    nativeLayout: "384le",
    waits: true,
  });
}

Deno.test("--once does not wait for ever for a file system that does not respond", async () => {
  const history = historyOnce({ stat: () => Promise.withResolvers<never>().promise });
  const started = performance.now();
  const { btmp } = await history.read();
  assert(btmp !== null && !btmp.ok, "the read should fail");
  const { reason, error } = btmp.failure;
  assertEquals([reason, error], ["io", `no response in ${READ_TIMEOUT} ms`]);
  assert(performance.now() - started >= READ_TIMEOUT);
});

Deno.test("--once waits for the end of a long pass", async () => {
  const files = new GrowingFiles();
  const records = Math.ceil(FOREGROUND_CHUNKS * CHUNK_SIZE / 384) + 1;
  files.create("btmp", encodeUtmp("384le", sshFailures(...Array(records).fill("192.0.2.1"))));
  const { btmp } = await historyOnce({ stat: files.stat, open: files.open }).read();
  assertEquals(btmp && failuresOf(btmp), records);
});
