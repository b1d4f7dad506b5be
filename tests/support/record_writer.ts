/**
 * Appends failed logins to the file of its argument without a pause until SIGTERM, then prints their number. The
 * process id in a record is its number, from 1.
 */
import { appendRecords } from "./append_records.ts";
import { sshFailures } from "./history.ts";

const [path = ""] = Deno.args;
const [record = {}] = sshFailures("192.0.2.1");
let isStopping = false;
Deno.addSignalListener("SIGTERM", () => isStopping = true);
let written = 0;
while (!isStopping) {
  written += await appendRecords(path, [{ ...record, pid: written + 1 }]);
  await new Promise((resolve) => setTimeout(resolve, 0));
}
Deno.stdout.writeSync(new TextEncoder().encode(`${written}\n`));
Deno.exit();
