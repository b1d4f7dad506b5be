import { assert, assertEquals } from "../support/assert.ts";
import { startExporter } from "../support/exporter.ts";
import { program, ROOT_USER, testNeeding } from "../support/needs.ts";
import { seriesOf } from "../support/samples.ts";
import { accountingFiles, startSshd, UTMP_PATH } from "../support/sshd.ts";
import { succeed } from "../support/succeed.ts";
import { tempDir } from "../support/temp_dir.ts";
import { until } from "../support/wait.ts";

/** The records as utmpdump(1) prints them, with the time in seconds since the epoch. */
async function dumpedRecords(): Promise<
  readonly (Readonly<Record<"type" | "user" | "line" | "host" | "address", string>> & {
    readonly time: number;
  })[]
> {
  const lines = (await succeed("utmpdump", UTMP_PATH)).trimEnd().split("\n");
  return lines.filter((line) => line.startsWith("[")).map((text) => {
    const fields = [...text.matchAll(/\[(.*?)\]/g)].map(([, field = ""]) => field.trim());
    const [type = "", , , user = "", line = "", host = "", address = "", date = ""] = fields;
    const [, seconds = "", microseconds = "", zone = ""] = /^(.*),(\d{6})(.*)$/.exec(date) ?? [];
    const time = Date.parse(`${seconds}${zone}`) / 1000 + Number(microseconds) / 1e6;
    return { type, user, line, host, address, time };
  });
}

/** Waits for a record of a terminal with this type. */
function recordOf(
  line: string,
  type: string,
): Promise<Awaited<ReturnType<typeof dumpedRecords>>[number]> {
  return until(`a record of type ${type} on ${line}`, async () => {
    const records = await dumpedRecords();
    return records.find((record) => record.line === line && record.type === type) ?? null;
  });
}

/** The sessions that who(1) lists, as `user line minute host`. */
async function whoLists(): Promise<readonly string[]> {
  const rows = (await succeed("who", UTMP_PATH)).trimEnd().split("\n");
  return rows.map((row) => row.replaceAll(/\s+/g, " ").replaceAll(/[()]/g, ""));
}

const LIVE = "7";
const DEAD = "8";

const NEEDS = [
  ROOT_USER,
  ...["sshd", "ssh", "ssh-keygen", "utmpdump", "who", "install"].map(program),
];

testNeeding(NEEDS, "a login over ssh is in the next scrape, its logout too", async () => {
  await using dir = await tempDir();
  await using _ = await accountingFiles();
  await using exporter = await startExporter([`--utmp-path=${UTMP_PATH}`]);
  await using sshd = await startSshd(dir);
  const infos = async (): Promise<readonly string[]> =>
    seriesOf(await exporter.scrape(), "unix_user_session_info");
  // Other sessions of this machine.
  const before = await infos();

  const start = Date.now() / 1000;
  await using first = await sshd.login();
  const record = await recordOf(first.line, LIVE);
  const scrape = await exporter.scrape();
  assert(start <= record.time && record.time <= Date.now() / 1000, `logged in at ${record.time}`);
  const { user, host, address } = record;
  assertEquals([user, host, address], ["root", "127.0.0.1", "127.0.0.1"]);
  const minute = new Date(record.time * 1000).toISOString().slice(0, 16).replace("T", " ");
  const labels = `username="root",from="127.0.0.1",tty="${first.line}"`;
  const info = `unix_user_session_info{${labels},login_time="${minute}"} 1`;
  assertEquals(seriesOf(scrape, "unix_user_session_info"), [...before, info].sort());
  const timestamp = `unix_session_login_timestamp_seconds{${labels}} ${record.time}`;
  assert(seriesOf(scrape, "unix_session_login_timestamp_seconds").includes(timestamp), timestamp);
  assert((await whoLists()).includes(`root ${first.line} ${minute} 127.0.0.1`));

  await using second = await sshd.login();
  await recordOf(second.line, LIVE);
  const both = await infos();
  assertEquals(both.length, before.length + 2);
  assert(both.some((line) => line.includes(`from="127.0.0.1",tty="${second.line}"`)));
  assert(first.line !== second.line);

  await first.logout();
  await recordOf(first.line, DEAD);
  assertEquals(await infos(), both.filter((line) => line !== info));

  await second.logout();
  await recordOf(second.line, DEAD);
  assertEquals(await infos(), before);
  const users = (await dumpedRecords()).filter(({ type }) => type === LIVE).length;
  assertEquals(seriesOf(await exporter.scrape(), "unix_users_logged_in_total"), [
    `unix_users_logged_in_total ${users}`,
  ]);
});
