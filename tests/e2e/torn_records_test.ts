import { assert, assertEquals } from "../support/assert.ts";
import { encodeUtmp } from "../support/encode_utmp.ts";
import { startExporter } from "../support/exporter.ts";
import { command } from "../support/program.ts";
import { seriesOf } from "../support/samples.ts";
import {
  infoOf,
  login,
  LOGIN_SECONDS,
  logout,
  RECORD_SIZE,
  utmpFile,
} from "../support/utmp_file.ts";

/** The host of record 10 of 384 bytes crosses the first page, which ends at 4,096. */
const SLOT = 10;

/** Two logins of bob, a minute apart, and the series of each. */
const LOGINS = ["a", "b"].map((letter, i) => {
  const host = letter.repeat(256);
  const info = infoOf("bob", "pts/10", host).replace("12:30", `12:3${i}`);
  return {
    record: { ...login("bob", "pts/10", host), pid: 1000 + i, seconds: LOGIN_SECONDS + 60 * i },
    info,
  };
});
const SERIES = LOGINS.map(({ info }) => info);

/** With a single read of the file, dozens of this number of scrapes have a mixed host. */
const SCRAPES = 1_500;

Deno.test("no scrape has a mixed host while its record is rewritten without a pause", async () => {
  await using file = await utmpFile([
    ...Array.from({ length: SLOT }, (_, i) => logout(`pts/${i}`)),
    ...LOGINS.slice(0, 1).map(({ record }) => record),
    logout("pts/11"),
  ]);
  const records = await Promise.all(LOGINS.map(async ({ record }, i) => {
    const path = `${file.path}.${i}`;
    await Deno.writeFile(path, encodeUtmp("384le", [record]));
    return path;
  }));
  const script = ["run", "-q", "--allow-read", "--allow-write", "tests/support/torn_writer.ts"];
  const args = [file.path, String(SLOT * RECORD_SIZE), ...records];
  const found = new Map<string, number>();
  await using exporter = await startExporter([file.flag]);
  // A first read has nothing to compare a record with.
  await exporter.scrape();
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
  assertEquals([...found.keys()].filter((info) => !SERIES.includes(info)), []);
  assert(SERIES.every((info) => found.has(info)), JSON.stringify([...found.values()]));
});
