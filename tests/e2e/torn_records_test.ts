import { assert, assertEquals } from "../assert.ts";
import { encodeUtmp } from "../encode_utmp.ts";
import { startExporter } from "./exporter.ts";
import { command } from "./program.ts";
import { seriesOf } from "./samples.ts";
import { tempDir } from "./temp_dir.ts";
import { infoOf, login, logout, RECORD_SIZE, writeUtmp } from "./utmp_file.ts";

/** The host of record 10 of 384 bytes crosses the first page, which ends at 4,096. */
const SLOT = 10;

const HOSTS = ["a", "b"].map((letter) => letter.repeat(256));

/** Where a file is read once, some dozens of so many scrapes show a mixed host. */
const SCRAPES = 1_500;

Deno.test("no scrape shows a host of which half is of another, though it is rewritten without a pause", async () => {
  await using dir = await tempDir();
  const [path, ...records] = ["utmp", "one", "other"].map((name) => dir.join(name));
  assert(path !== undefined);
  await writeUtmp(path, [
    ...Array.from({ length: SLOT }, (_, i) => logout(`pts/${i}`)),
    login("bob", "pts/10", HOSTS[0]),
    logout("pts/11"),
  ]);
  await Promise.all(
    records.map((record, i) =>
      Deno.writeFile(record, encodeUtmp("384le", [login("bob", "pts/10", HOSTS[i])]))
    ),
  );
  const offset = String(SLOT * RECORD_SIZE);
  const words = [Deno.execPath(), "run", "-q", "--allow-read", "--allow-write"];
  const writing = command([...words, "tests/e2e/torn_writer.ts", path, offset, ...records]);
  const seen = new Map<string, number>();
  await using exporter = await startExporter([`--utmp-path=${path}`]);
  const writer = writing.spawn();
  try {
    for (let scrape = 0; scrape < SCRAPES; scrape++) {
      const [info = ""] = seriesOf(await exporter.scrape(), "unix_user_session_info");
      seen.set(info, (seen.get(info) ?? 0) + 1);
    }
  } finally {
    writer.kill("SIGKILL");
    await writer.status;
    await Promise.all([writer.stdout.cancel(), writer.stderr.cancel()]);
  }
  const whole = HOSTS.map((host) => infoOf("bob", "pts/10", host));
  assertEquals([...seen.keys()].filter((info) => !whole.includes(info)), []);
  assert(whole.every((info) => (seen.get(info) ?? 0) > 0), JSON.stringify([...seen.values()]));
});
