/**
 * Reads a database of past logins for a test, with the permissions of the program: once for each line on stdin.
 * Prints a line of JSON for each read.
 *
 * database_reader.ts wtmpdb|lastlog2 PATH
 */
import { Lastlog2Source } from "../../lib/history/lastlog2.ts";
import { WtmpdbSource } from "../../lib/history/wtmpdb.ts";
import { EVERYBODY } from "../../lib/sessions/user_filter.ts";

const [name, path = ""] = Deno.args;
const clock = { epoch: () => Date.now(), monotonic: () => performance.now() };
const options = { path, files: Deno, clock, filter: EVERYBODY };
const source = name === "wtmpdb" ? new WtmpdbSource(options) : new Lastlog2Source(options);

for await (const _ of Deno.stdin.readable) {
  const started = performance.now();
  const read = await source.read({ waits: true });
  const duration = performance.now() - started;
  const { data } = read.ok ? read : { data: null };
  const summary = {
    ...read.ok ? {} : read.failure,
    logins: data !== null && "counts" in data
      ? data.counts.reduce((sum, { logins }) => sum + logins, 0)
      : null,
    users: data === null ? null : ("times" in data ? data : data.lastLogins).times.size,
    duration,
  };
  await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify(summary)}\n`));
}
