import { assertEquals } from "../support/assert.ts";
import { file, program, testNeeding } from "../support/needs.ts";
import { run, runExporter } from "../support/program.ts";
import { login, utmpFile } from "../support/utmp_file.ts";

/** Logins in a winter and in a summer, in seconds since the epoch. */
const LOGINS = [1_705_312_800, 1_720_951_200];

/** Values of TZ that the C library knows. */
const KNOWN = [
  ...["", "UTC", ":UTC", "UTC0", "Zulu", "UTC+3", "GMT+2", "Etc/GMT+2"],
  ...["Asia/Tokyo", ":Asia/Tokyo", "posix/Asia/Tokyo", "JST-9", ":JST-9", "<+09>-9", "IST-5:30"],
  ...["EST5", "EST5EDT", "EST5EDT,M3.2.0,M11.1.0", "NZST-12NZDT,M9.5.0,M4.1.0/3"],
  ...["CET", "CET-1CEST", "CET-1CEST,M3.5.0,M10.5.0/3", "Australia/Sydney", "Asia/Kathmandu"],
  ...["Europe/Berlin", ":Europe/Berlin", "posix/Europe/Berlin", "Europe/Dublin"],
  ...["/usr/share/zoneinfo/Asia/Tokyo", ":/usr/share/zoneinfo/Asia/Tokyo"],
  ":/usr/share/zoneinfo/America/Argentina/Buenos_Aires",
  ...["Etc/UTC", "Europe/Berlin", "Australia/Sydney"].map((zone) => `:/usr/share/zoneinfo/${zone}`),
  ":/etc/localtime",
];

/** Values that it does not know: it uses UTC without a message. */
const UNKNOWN = [
  ...["europe/berlin", "Europe/Berlin ", "Nowhere/At_All", "/usr/share/zoneinfo/Nowhere"],
  ...["/usr/share/zoneinfo", "/etc/os-release", "9"],
];

const ZONE_FILES = file("/usr/share/zoneinfo/Asia/Tokyo", "tzdata");

/** The login times of a run, and whether it warns of the time zone. */
async function loginTimes(TZ: string): Promise<{ times: string; hasWarning: boolean }> {
  await using utmp = await utmpFile(
    LOGINS.map((seconds, i) => ({ ...login("a", `pts/${i}`), seconds })),
  );
  const { stdout, stderr } = await runExporter(["--once", utmp.flag], { env: { TZ } });
  const times = [...stdout.matchAll(/login_time="(.*?)"/g)].map(([, time]) => time);
  assertEquals(times.length, LOGINS.length);
  return { times: times.sort().join(), hasWarning: stderr.includes('msg="unknown time zone"') };
}

for (const TZ of KNOWN) {
  const name = `TZ=${TZ} is a warning only if the times differ from those of the C library`;
  testNeeding([program("date"), ZONE_FILES], name, async () => {
    const dates = LOGINS.map((seconds) =>
      run(["date", `--date=@${seconds}`, "+%F %H:%M"], { env: { TZ } })
    );
    const expected = (await Promise.all(dates)).map(({ stdout }) => stdout.trim()).sort().join();
    const { times, hasWarning } = await loginTimes(TZ);
    assertEquals(hasWarning, times !== expected, `${times} ${expected}`);
  });
}

for (const TZ of UNKNOWN) {
  testNeeding([ZONE_FILES], `TZ=${TZ} is unknown, which is a warning`, async () => {
    assertEquals((await loginTimes(TZ)).hasWarning, true);
  });
}
