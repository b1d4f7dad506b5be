/**
 * Reads the btmp file of its argument once with the permissions of the program, and prints the number of failed
 * logins, or the reason of the failure.
 */
import { configureLog } from "../../lib/log.ts";
import { BtmpSource } from "../../lib/history/btmp.ts";
import { EVERYBODY } from "../../lib/sessions/user_filter.ts";
import { failuresOf } from "./history.ts";

const [path = ""] = Deno.args;
const source = new BtmpSource({
  path,
  nativeLayout: "384le",
  files: Deno,
  clock: { epoch: () => Date.now(), monotonic: () => performance.now() },
  log: configureLog({ level: "info", format: "logfmt", write: () => {} }),
  filter: EVERYBODY,
  maxAddresses: 20,
});
const found = failuresOf(await source.read({ waits: true }));
Deno.stdout.writeSync(new TextEncoder().encode(`${found}\n`));
