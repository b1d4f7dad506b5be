import { assertEquals } from "../support/assert.ts";
import { type Need, program, testNeeding } from "../support/needs.ts";
import { run, runExporter } from "../support/program.ts";
import { tempDir } from "../support/temp_dir.ts";
import { login, writeUtmp } from "../support/utmp_file.ts";

/** Logins of a winter and of a summer, in seconds since the epoch. */
const LOGINS = [1_705_312_800, 1_720_951_200];

/** Values of TZ, and whether the C library knows them: where it does not, it counts in UTC and says nothing. */
const VALUES: readonly (readonly [value: string, isKnown?: false])[] = [
  [""],
  ["UTC"],
  [":UTC"],
  ["UTC0"],
  ["Zulu"],
  ["Asia/Tokyo"],
  [":Asia/Tokyo"],
  ["JST-9"],
  [":JST-9"],
  ["<+09>-9"],
  ["IST-5:30"],
  ["UTC+3"],
  ["GMT+2"],
  ["Etc/GMT+2"],
  ["EST5"],
  ["EST5EDT"],
  ["EST5EDT,M3.2.0,M11.1.0"],
  ["CET"],
  ["CET-1CEST"],
  ["CET-1CEST,M3.5.0,M10.5.0/3"],
  ["NZST-12NZDT,M9.5.0,M4.1.0/3"],
  ["Europe/Berlin"],
  [":Europe/Berlin"],
  ["posix/Europe/Berlin"],
  ["posix/Asia/Tokyo"],
  ["Australia/Sydney"],
  ["Europe/Dublin"],
  ["Asia/Kathmandu"],
  ["/usr/share/zoneinfo/Asia/Tokyo"],
  [":/usr/share/zoneinfo/Asia/Tokyo"],
  [":/usr/share/zoneinfo/America/Argentina/Buenos_Aires"],
  [":/usr/share/zoneinfo/Etc/UTC"],
  [":/usr/share/zoneinfo/Europe/Berlin"],
  [":/usr/share/zoneinfo/Australia/Sydney"],
  [":/etc/localtime"],
  ["europe/berlin", false],
  ["Europe/Berlin ", false],
  ["Nowhere/At_All", false],
  ["/usr/share/zoneinfo/Nowhere", false],
  ["/usr/share/zoneinfo", false],
  ["/etc/os-release", false],
  ["9", false],
];

const ZONE_FILES: Need = {
  what: "tzdata",
  isMet: () => {
    try {
      return Deno.statSync("/usr/share/zoneinfo/Asia/Tokyo").isFile;
    } catch {
      return false;
    }
  },
};

for (const [TZ, isKnown = true] of VALUES) {
  testNeeding(
    [program("date"), ZONE_FILES],
    `TZ=${TZ} is a warning only where ${
      isKnown ? "times differ from those of the C library" : "nobody knows it"
    }`,
    async () => {
      await using dir = await tempDir();
      const path = dir.join("utmp");
      await writeUtmp(path, LOGINS.map((seconds, i) => ({ ...login("a", `pts/${i}`), seconds })));
      const { stdout, stderr } = await runExporter(["--once", `--utmp-path=${path}`], {
        env: { TZ },
      });
      const times = [...stdout.matchAll(/login_time="(.*?)"/g)].map(([, time]) => time);
      const dates = LOGINS.map((seconds) =>
        run(["date", `--date=@${seconds}`, "+%F %H:%M"], {
          env: { TZ },
        })
      );
      const expected = (await Promise.all(dates)).map((date) => date.stdout.trim());
      const isRight = isKnown && times.toSorted().join() === expected.toSorted().join();
      assertEquals(times.length, LOGINS.length);
      assertEquals(!stderr.includes('msg="unknown time zone"'), isRight, `${times} ${expected}`);
    },
  );
}
