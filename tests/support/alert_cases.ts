import type { Parameters } from "../../tools/dashboards/parameters.ts";

/** The place that the stories play in. */
export const PLACE: Parameters = {
  runbook: "https://wiki.example.org/unix-users",
  dayBegins: 7,
  dayEnds: 19,
  utcOffset: 0,
  manySessions: 20,
  riseFactor: 2,
  riseSessions: 10,
  oldDays: 7,
};

/** What a series is worth at each minute (or each `step`), in promtool's notation. */
export type SeriesValues = Readonly<Record<string, string>>;

/** A story that Prometheus's own rule tests play: whether an alert fires at a time of it, and for whom. */
export interface AlertCase {
  readonly alert: string;
  /** What happens. */
  readonly story: string;
  readonly series: SeriesValues;
  /** The time between two values; a minute unless told. */
  readonly step?: string;
  /** When to look, since the epoch. */
  readonly at: string;
  /** The labels of what fires, without those that every alert has. */
  readonly firing: readonly string[];
}

const HOST = 'job="unix_users",instance="web:32142"';
const BUILD = `unix_user_exporter_build_info{${HOST},version="3.0.0"}`;
const SOURCE_UP = `unix_user_exporter_source_up{${HOST},source="utmp"}`;
const TOTAL = `unix_users_logged_in_total{${HOST}}`;

function info(user: string, from: string, tty = "pts/0", time = "1970-01-01 00:00"): string {
  return `unix_user_session_info{${HOST},username="${user}",from="${from}",tty="${tty}",login_time="${time}"}`;
}

/** The same series of a host of this site. */
function atSite(site: string, series: string): string {
  return series.replace("{", `{site="${site}",`);
}

/** The number of sessions that an exporter tells which is a pod, with the label that operators add. */
function ofPod(pod: string): string {
  return `unix_users_logged_in_total{${HOST},pod="${pod}"}`;
}

function byIp(ip: string): string {
  return `unix_user_session_by_ip{${HOST},ip="${ip}"}`;
}

function login(from: string): string {
  return `unix_session_login_timestamp_seconds{${HOST},username="alice",from="${from}",tty="pts/0"}`;
}

function root(from: string, tty = "pts/0"): string {
  return `from="${from}",${HOST},login_time="1970-01-01 00:00",tty="${tty}",username="root"`;
}

const A_WEEK_LATER = { step: "30m", at: "8d1h30m" } as const;

/** So many for eight days, then others for an hour: values of {@link A_WEEK_LATER}. */
function lately(before: string, after: string): string {
  return `${before}+0x385 ${after}+0x8`;
}

/** An hour of a session from nine o'clock on each day of sixteen: values of {@link ON_DAY_16}. */
function eachDay(series: (day: number) => readonly string[]): SeriesValues {
  const values: Record<string, string> = {};
  for (let day = 0; day < 16; day++) {
    for (const name of series(day)) {
      values[name] = `${values[name] ?? ""} _x${values[name] ? 45 : 18 + 48 * day} 1+0x1 stale`;
    }
  }
  return values;
}

const ON_DAY_16 = { step: "30m", at: "15d9h30m" } as const;

/** The two series of a session of alice from an origin, as older exporters show them. */
function decorated(from: string): readonly string[] {
  return [info("alice", from), byIp(from)];
}

/** A firing and a silent story at least for each alert. */
export const ALERT_CASES: readonly AlertCase[] = [
  {
    alert: "UnixUserExporterDown",
    story: "an exporter that answered stays away",
    series: { [BUILD]: "1 1 stale", [`up{${HOST}}`]: "1 1 0+0x30" },
    at: "20m",
    firing: [HOST],
  },
  {
    alert: "UnixUserExporterDown",
    story: "an exporter that answered stays away for ten days",
    series: { [BUILD]: "1 1 stale", [`up{${HOST}}`]: "1 1 0+0x3000" },
    step: "5m",
    at: "10d",
    firing: [HOST],
  },
  {
    alert: "UnixUserExporterDown",
    story: "an exporter stays away, and Prometheus is off for a day and an hour",
    series: { [BUILD]: "1+0x9 stale", [`up{${HOST}}`]: "1+0x9 0+0x9 _x300 0+0x99" },
    step: "5m",
    at: "28h",
    firing: [HOST],
  },
  {
    alert: "UnixUserExporterDown",
    story: "another program answers at the target for three days, then it stays away",
    series: { [BUILD]: "1+0x9 stale", [`up{${HOST}}`]: "1+0x900 0+0x99" },
    step: "5m",
    at: "77h",
    firing: [],
  },
  {
    alert: "UnixUserExporterDown",
    story: "an exporter that stayed away is no target any more",
    series: { [BUILD]: "1 1 stale", [`up{${HOST}}`]: "1 1 0+0x28 stale" },
    at: "40m",
    firing: [],
  },
  {
    alert: "UnixUserExporterDown",
    story: "a reboot takes ten minutes",
    series: { [BUILD]: "1 1 stale _x9 1+0x20", [`up{${HOST}}`]: "1 1 0+0x9 1+0x20" },
    at: "20m",
    firing: [],
  },
  {
    alert: "UnixUserExporterDown",
    story: "another target is down",
    series: { [BUILD]: "1+0x40", [`up{${HOST}}`]: "1+0x40", 'up{job="node"}': "0+0x40" },
    at: "30m",
    firing: [],
  },
  {
    alert: "UnixUserExporterSourceUnreadable",
    story: "the source stays unreadable",
    series: { [SOURCE_UP]: "1 0+0x20" },
    at: "15m",
    firing: [`${HOST},source="utmp"`],
  },
  {
    alert: "UnixUserExporterSourceUnreadable",
    story: "of two sites with the same addresses one cannot read its source",
    series: { [atSite("north", SOURCE_UP)]: "0+0x20", [atSite("south", SOURCE_UP)]: "1+0x20" },
    at: "15m",
    firing: [`${HOST},site="north",source="utmp"`],
  },
  {
    alert: "UnixUserExporterSourceUnreadable",
    story: "the source stays unreadable, and a scrape is missed",
    series: { [SOURCE_UP]: "1 0+0x5 stale 0+0x20" },
    at: "15m",
    firing: [`${HOST},source="utmp"`],
  },
  {
    alert: "UnixUserExporterSourceUnreadable",
    story: "logind is read where utmp cannot be",
    series: { [SOURCE_UP]: "0+0x30", [SOURCE_UP.replace("utmp", "logind")]: "1+0x30" },
    at: "15m",
    firing: [],
  },
  {
    alert: "UnixUserExporterSourceUnreadable",
    story: "the source comes back",
    series: { [SOURCE_UP]: "1 0+0x5 1+0x20" },
    at: "15m",
    firing: [],
  },
  {
    alert: "UnixUserExporterSeriesDropped",
    story: "sessions stay above the cap",
    series: { [`unix_user_exporter_series_dropped{${HOST}}`]: "7+0x30" },
    at: "20m",
    firing: [HOST],
  },
  {
    alert: "UnixUserExporterSeriesDropped",
    story: "none is above the cap",
    series: { [`unix_user_exporter_series_dropped{${HOST}}`]: "0+0x30" },
    at: "20m",
    firing: [],
  },
  {
    alert: "UnixStaleSessions",
    story: "records stay behind",
    series: { [`unix_stale_sessions{${HOST}}`]: "2+0x90" },
    at: "70m",
    firing: [HOST],
  },
  {
    alert: "UnixStaleSessions",
    story: "records stay behind, and a scrape is missed",
    series: { [`unix_stale_sessions{${HOST}}`]: "2+0x30 stale 2+0x60" },
    at: "70m",
    firing: [HOST],
  },
  {
    alert: "UnixStaleSessions",
    story: "records are cleaned up within the hour",
    series: { [`unix_stale_sessions{${HOST}}`]: "2+0x30 0+0x60" },
    at: "70m",
    firing: [],
  },
  {
    alert: "UnixRootRemoteLogin",
    story: "root comes from an address",
    series: { [info("root", "192.0.2.7")]: "1+0x5", [byIp("192.0.2.7")]: "1+0x5" },
    at: "1m",
    firing: [root("192.0.2.7")],
  },
  {
    alert: "UnixRootRemoteLogin",
    story: "root comes from a host, for less than a minute",
    series: { [info("root", "gw.example.org")]: "1 stale", [byIp("gw.example.org")]: "1 stale" },
    at: "2m",
    firing: [root("gw.example.org")],
  },
  {
    alert: "UnixRootRemoteLogin",
    story: "root comes at two sites with the same addresses",
    series: {
      [atSite("north", info("root", "192.0.2.7"))]: "1+0x5",
      [atSite("north", byIp("192.0.2.7"))]: "1+0x5",
      [atSite("south", info("root", "192.0.2.7"))]: "1+0x5",
      [atSite("south", byIp("192.0.2.7"))]: "1+0x5",
    },
    at: "1m",
    firing: ["north", "south"].map((site) => `site="${site}",${root("192.0.2.7")}`),
  },
  {
    alert: "UnixRootRemoteLogin",
    story: "an origin is remote at one site, and root is at the other",
    series: {
      [atSite("north", info("root", "tty1", "tty1"))]: "1+0x5",
      [atSite("south", byIp("tty1"))]: "1+0x5",
    },
    at: "1m",
    firing: [],
  },
  {
    alert: "UnixRootRemoteLogin",
    story: "root is on a host whose exporter moves to another pod",
    series: Object.fromEntries(
      [["a", "1+0x3 stale"], ["b", "_x4 1+0x5"]].flatMap(([pod, values = ""]) =>
        [info("root", "192.0.2.7"), byIp("192.0.2.7")].map((series) =>
          [series.replace("{", `{pod="${pod}",`), values] as const
        )
      ),
    ),
    at: "5m",
    firing: [root("192.0.2.7")],
  },
  {
    alert: "UnixRootRemoteLogin",
    story: "root is on the console and on a display while others are remote",
    series: {
      [info("root", "-", "tty1")]: "1+0x5",
      [info("root", ":0", "tty2")]: "1+0x5",
      [info("alice", "192.0.2.7")]: "1+0x5",
      [byIp("192.0.2.7")]: "1+0x5",
    },
    at: "1m",
    firing: [],
  },
  {
    alert: "UnixRootRemoteLogin",
    story: "alice runs sudo screen over ssh, on a host with an older exporter",
    series: {
      [info("alice", "192.0.2.7")]: "1+0x5",
      [byIp("192.0.2.7")]: "1+0x5",
      [info("root", "192.0.2.7:S.0", "pts/4")]: "1+0x5",
      [byIp("192.0.2.7:S.0")]: "1+0x5",
      [info("root", ":S.1", "pts/5")]: "1+0x5",
      [byIp(":S.1")]: "1+0x5",
    },
    at: "5m",
    firing: [],
  },
  {
    alert: "UnixRootRemoteLogin",
    story: "root comes with mosh, on a host with an older exporter",
    series: {
      [info("root", "192.0.2.7 via mosh [4000]")]: "1+0x5",
      [byIp("192.0.2.7 via mosh [4000]")]: "1+0x5",
    },
    at: "5m",
    firing: [root("192.0.2.7 via mosh [4000]")],
  },
  {
    alert: "UnixRootRemoteLogin",
    story: "origins are dropped for privacy",
    series: { [info("root", "")]: "1+0x5", [byIp("")]: "3+0x5" },
    at: "1m",
    firing: [],
  },
  {
    alert: "UnixLoginOutsideWorkingHours",
    story: "a login on Thursday at 03:00",
    series: { [login("-")]: "_x180 10800+0x90" },
    at: "3h10m",
    firing: [`from="-",${HOST},tty="pts/0",username="alice"`],
  },
  {
    alert: "UnixLoginOutsideWorkingHours",
    story: "a login on Saturday at 10:00",
    series: { [login("-")]: "_x348 208800+0x9" },
    step: "10m",
    at: "2d10h10m",
    firing: [`from="-",${HOST},tty="pts/0",username="alice"`],
  },
  {
    alert: "UnixLoginOutsideWorkingHours",
    story: "a login on Thursday at 10:00",
    series: { [login("-")]: "_x600 36000+0x90" },
    at: "10h10m",
    firing: [],
  },
  {
    alert: "UnixLoginOutsideWorkingHours",
    story: "a session that began in working hours is still there in the evening",
    series: { [login("-")]: "_x600 36000+0x900" },
    at: "22h",
    firing: [],
  },
  {
    alert: "UnixManySessionsOfUser",
    story: "a user has 21 sessions",
    series: { [`unix_user_session_count{${HOST},username="alice"}`]: "21+0x20" },
    at: "15m",
    firing: [`${HOST},username="alice"`],
  },
  {
    alert: "UnixManySessionsOfUser",
    story: "a user has 20, and without their names all users together have 50",
    series: {
      [`unix_user_session_count{${HOST},username="alice"}`]: "20+0x20",
      [`unix_user_session_count{${HOST}}`]: "50+0x20",
    },
    at: "15m",
    firing: [],
  },
  {
    alert: "UnixSessionsRise",
    story: "5 sessions for a week, then 40",
    series: { [TOTAL]: lately("5", "40") },
    ...A_WEEK_LATER,
    firing: [HOST],
  },
  {
    alert: "UnixSessionsRise",
    story: "5 sessions for a week but on the day a week ago, when the host was off, then 40",
    series: { [TOTAL]: "5+0x2 _x60 5+0x322 40+0x8" },
    ...A_WEEK_LATER,
    firing: [HOST],
  },
  {
    alert: "UnixSessionsRise",
    story: "30 sessions on a host whose exporter moves to another pod, then 40",
    series: {
      [ofPod("a")]: "30+0x200 stale",
      [ofPod("b")]: "_x201 30+0x184 40+0x8",
    },
    ...A_WEEK_LATER,
    firing: [],
  },
  {
    alert: "UnixSessionsRise",
    story: "5 sessions on a host whose exporter moves to another pod, then 40",
    series: {
      [ofPod("a")]: "5+0x200 stale",
      [ofPod("b")]: "_x201 5+0x184 40+0x8",
    },
    ...A_WEEK_LATER,
    firing: [HOST],
  },
  {
    alert: "UnixSessionsRise",
    story: "30 sessions for a week, then 40",
    series: { [TOTAL]: lately("30", "40") },
    ...A_WEEK_LATER,
    firing: [],
  },
  {
    alert: "UnixSessionsRise",
    story: "one session for a week, then 8",
    series: { [TOTAL]: lately("1", "8") },
    ...A_WEEK_LATER,
    firing: [],
  },
  {
    alert: "UnixSessionsRise",
    story: "40 sessions on the second day",
    series: { [TOTAL]: "5+0x48 40+0x8" },
    step: "30m",
    at: "1d1h30m",
    firing: [],
  },
  {
    alert: "UnixSessionTooOld",
    story: "a session of eight days",
    series: { [login("-")]: "0+0x400" },
    step: "30m",
    at: "8d",
    firing: [`from="-",${HOST},tty="pts/0",username="alice"`],
  },
  {
    alert: "UnixSessionTooOld",
    story: "a session of eight days, and a scrape is missed",
    series: { [login("-")]: "-691200+0x75 stale -691200+0x20" },
    at: "80m",
    firing: [`from="-",${HOST},tty="pts/0",username="alice"`],
  },
  {
    alert: "UnixSessionTooOld",
    story: "a session of ten days, and one of the same user, origin and terminal of an hour",
    series: {
      [login("192.0.2.7")]: "0+0x477 860400+0x9",
      [info("alice", "192.0.2.7")]: "1+0x487",
      [info("alice", "192.0.2.7", "pts/0", "1970-01-10 23:00")]: "_x478 1+0x9",
    },
    step: "30m",
    at: "10d1h",
    firing: [`from="192.0.2.7",${HOST},tty="pts/0",username="alice"`],
  },
  {
    alert: "UnixSessionTooOld",
    story: "a session that ended, and the next of the same user, origin and terminal, for ten days",
    series: {
      [login("192.0.2.7")]: "0+0x239 432000+0x247",
      [info("alice", "192.0.2.7")]: "1+0x239 stale",
      [info("alice", "192.0.2.7", "pts/0", "1970-01-06 00:00")]: "_x240 1+0x247",
    },
    step: "30m",
    at: "10d1h",
    firing: [],
  },
  {
    alert: "UnixSessionTooOld",
    story: "sessions of ten days whose logins are not known, or not shown",
    series: {
      [info("alice", "192.0.2.7", "pts/0", "-")]: "1+0x487",
      [info("alice", "192.0.2.7", "pts/0", "")]: "1+0x487",
    },
    step: "30m",
    at: "10d1h",
    firing: [],
  },
  {
    alert: "UnixSessionTooOld",
    story: "a session of six days",
    series: { [login("-")]: "0+0x400" },
    step: "30m",
    at: "6d",
    firing: [],
  },
  {
    alert: "UnixNewAddressOfUser",
    story: "a known user comes from elsewhere",
    series: {
      [info("alice", "192.0.2.7")]: lately("1", "1"),
      [byIp("192.0.2.7")]: lately("1", "1"),
      [info("alice", "198.51.100.9")]: "_x386 1+0x8",
      [byIp("198.51.100.9")]: "_x386 1+0x8",
    },
    ...A_WEEK_LATER,
    firing: ['from="198.51.100.9",job="unix_users",username="alice"'],
  },
  {
    alert: "UnixNewAddressOfUser",
    story: "the same on a weekend, on hosts that are used from Monday to Friday",
    series: {
      [info("alice", "192.0.2.7")]: "_x144 1+0x239 stale _x95 1+0x239 stale",
      [byIp("192.0.2.7")]: "_x144 1+0x239 stale _x95 1+0x239 stale",
      [info("alice", "198.51.100.9")]: "_x768 1+0x8",
      [byIp("198.51.100.9")]: "_x768 1+0x8",
    },
    step: "30m",
    at: "16d30m",
    firing: ['from="198.51.100.9",job="unix_users",username="alice"'],
  },
  {
    alert: "UnixNewAddressOfUser",
    story: "the same in the first week of the user",
    series: {
      [info("alice", "192.0.2.7")]: "1+0x150",
      [byIp("192.0.2.7")]: "1+0x150",
      [info("alice", "198.51.100.9")]: "_x130 1+0x8",
      [byIp("198.51.100.9")]: "_x130 1+0x8",
      [info("bob", "192.0.2.7")]: "1+0x150",
    },
    step: "30m",
    at: "2d17h30m",
    firing: [],
  },
  {
    alert: "UnixNewAddressOfUser",
    story: "a user comes back to an address of the week before, and a new user comes",
    series: {
      [info("alice", "192.0.2.7")]: "1+0x50 stale _x334 1+0x8",
      [byIp("192.0.2.7")]: "1+0x394",
      [info("bob", "192.0.2.7", "pts/1")]: "_x386 1+0x8",
    },
    ...A_WEEK_LATER,
    firing: [],
  },
  {
    alert: "UnixNewAddressOfUser",
    story: "ssh from the same address each day",
    series: eachDay(() => decorated("192.0.2.7")),
    ...ON_DAY_16,
    firing: [],
  },
  {
    alert: "UnixNewAddressOfUser",
    story: "mosh from the same address each day, on a host with an older exporter",
    series: eachDay((day) => decorated(`192.0.2.7 via mosh [${4000 + day}]`)),
    ...ON_DAY_16,
    firing: [],
  },
  {
    alert: "UnixNewAddressOfUser",
    story: "mosh from the same address each day, on a host whose exporter becomes newer",
    series: eachDay((day) => decorated(day < 15 ? `2001:db8::7 via mosh [${day}]` : "2001:db8::7")),
    ...ON_DAY_16,
    firing: [],
  },
  {
    alert: "UnixNewAddressOfUser",
    story: "two mosh sessions at a time from another address, on a host with an older exporter",
    series: eachDay((day) =>
      day < 15
        ? decorated("192.0.2.7")
        : [...decorated("192.0.2.9 via mosh [1]"), ...decorated("192.0.2.9 via mosh [2]")]
    ),
    ...ON_DAY_16,
    firing: ['from="192.0.2.9",job="unix_users",username="alice"'],
  },
  {
    alert: "UnixNewAddressOfUser",
    story: "each day another window of screen, on a host with an older exporter",
    series: eachDay((day) => [...decorated(`192.0.2.7:S.${day}`), ...decorated(`:S.${day}`)]),
    ...ON_DAY_16,
    firing: [],
  },
  {
    alert: "UnixNewAddressOfUser",
    story: "mosh and Eternal Terminal without a client each day, on a host with an older exporter",
    series: eachDay((day) => [
      ...decorated("192.0.2.7"),
      ...decorated(`mosh [${day}]`),
      ...decorated(`et [${day}]`),
    ]),
    ...ON_DAY_16,
    firing: [],
  },
  {
    alert: "UnixNewAddressOfUser",
    story: "each day another display of the same host, on a host with an older exporter",
    series: eachDay((day) => decorated(`client.example.org:${10 + day}.0`)),
    ...ON_DAY_16,
    firing: [],
  },
];
