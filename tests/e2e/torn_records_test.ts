import { assert, assertEquals } from "../support/assert.ts";
import { encodeUtmp } from "../support/encode_utmp.ts";
import { startExporter } from "../support/exporter.ts";
import { command } from "../support/program.ts";
import { seriesOf } from "../support/samples.ts";
import { infoOf, login, logout, RECORD_SIZE, utmpFile } from "../support/utmp_file.ts";

/** The host of record 10 of 384 bytes crosses the first page, which ends at 4,096. */
const SLOT = 10;

const HOSTS = ["a", "b"].map((letter) => letter.repeat(256));

/** With a single read of the file, dozens of this number of scrapes have a mixed host. */
const SCRAPES = 1_500;

Deno.test("no scrape has a mixed host while its record is rewritten without a pause", async () => {
  await using file = await utmpFile([
    ...Array.from({ length: SLOT }, (_, i) => logout(`pts/${i}`)),
    login("bob", "pts/10", HOSTS[0]),
    logout("pts/11"),
  ]);
  const records = await Promise.all(HOSTS.map(async (host, i) => {
    const path = `${file.path}.${i}`;
    await Deno.writeFile(path, encodeUtmp("384le", [login("bob", "pts/10", host)]));
    return path;
  }));
  const script = ["run", "-q", "--allow-read", "--allow-write", "tests/support/torn_writer.ts"];
  const args = [file.path, String(SLOT * RECORD_SIZE), ...records];
  const found = new Map<string, number>();
  await using exporter = await startExporter([file.flag]);
  const writer = command([Deno.execPath(), ...script, ...args]).spawn();
  try {
    for (let scrape = 0; scrape < SCRAPES; scrape++) {
      const [info = ""] = seriesOf(await exporter.scrape(), "unix_user_session_info");
      found.set(info, (found.get(info) ?? 0) + 1);
    }
  } finally {
    writer.kill("SIGKILL");
    await writer.status;
    await Promise.all([writer.stdout.cancel(), writer.stderr.cancel()]);
  }
  const whole = HOSTS.map((host) => infoOf("bob", "pts/10", host));
  assertEquals([...found.keys()].filter((info) => !whole.includes(info)), []);
  assert(whole.every((info) => found.has(info)), JSON.stringify([...found.values()]));
});
