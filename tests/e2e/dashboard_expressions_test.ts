import { assert } from "../support/assert.ts";
import { DASHBOARDS, fill, queriesOf } from "../support/dashboards.ts";
import { program, testNeeding } from "../support/needs.ts";
import { type ExpressionTest, promtoolTestExpressions } from "../support/promtool_test_file.ts";

const QUERIES = new Map(Object.values(DASHBOARDS).flatMap(queriesOf));

const LOGINS = "Logins and logouts/A";
const LOGOUTS = "Logins and logouts/B";
const PEOPLE = "People/A";
const HOSTS_IN_USE = "Hosts in use/A";
const SOURCES_UNREADABLE = "Sources unreadable/A";

/** A test of a query; the value is that of its only series, null if it must return nothing. */
function testOf(
  query: string,
  value: number | null,
  { at = "5m", interval = 300 }: { readonly at?: string; readonly interval?: number } = {},
): ExpressionTest {
  const expr = QUERIES.get(query);
  assert(expr !== undefined, query);
  const samples = value === null ? [] : [{ labels: "{}", value }];
  return { expr: fill(expr, { interval, range: 300 }), at, samples };
}

function known(host: string): string {
  return `unix_users_logged_in_total{job="j",instance="${host}"}`;
}

function sourceUp(host: string, source: string): string {
  return `unix_user_exporter_source_up{job="j",instance="${host}",source="${source}"}`;
}

function users(host: string): string {
  return `unix_logged_in_users{job="j",instance="${host}"}`;
}

function user(host: string, name: string): string {
  return `unix_user_session_count{job="j",instance="${host}",username="${name}"}`;
}

function info(host: string, tty: string): string {
  return `unix_user_session_info{job="j",instance="${host}",username="ann",from="-",tty="${tty}",login_time="t"}`;
}

const NAMELESS = 'unix_user_session_info{job="j",instance="a"}';

type Values = Readonly<Record<string, string>>;

/** The result of queries over five minutes, with the values of the series each minute. */
const CASES: Readonly<Record<string, readonly [Values, Readonly<Record<string, number | null>>]>> =
  {
    "two sessions log in and one of them logs out": [
      {
        ...{ [known("a")]: "1 1 3 3 2 2", [info("a", "1")]: "1+0x5" },
        ...{ [info("a", "2")]: "_x2 1+0x3", [info("a", "3")]: "_x2 1 1 stale" },
      },
      { [LOGINS]: 2, [LOGOUTS]: 1 },
    ],
    "labels are dropped, and four sessions log in": [
      { [known("a")]: "1 1 5+0x3", [NAMELESS]: "1+0x5" },
      { [LOGINS]: 4 },
    ],
    "labels are dropped, and all sessions log out": [
      { [known("a")]: "5 5 0+0x3", [NAMELESS]: "1 1 stale" },
      { [LOGOUTS]: 5 },
    ],
    "labels are dropped on one host, and one logs in; on another, one logs in and out": [
      {
        ...{ [known("a")]: "1 1 2+0x3", [NAMELESS]: "1+0x5" },
        ...{ [known("b")]: "0 0 1 0 0 0", [info("b", "1")]: "_x2 1 stale" },
      },
      { [LOGINS]: 2 },
    ],
    "nobody logs in": [{ [known("a")]: "1+0x5", [info("a", "1")]: "1+0x5" }, { [LOGINS]: 0 }],
    "one logs in before the exporter stops": [
      { [known("a")]: "0 0 1 stale", [info("a", "1")]: "_x2 1 stale" },
      { [LOGINS]: 1 },
    ],
    "an exporter starts": [
      { [known("a")]: "_x2 3+0x3", [info("a", "1")]: "_x2 1+0x3" },
      { [LOGINS]: null },
    ],
    "two hosts have a user in common": [
      {
        ...{ [users("a")]: "2+0x5", [user("a", "ann")]: "1+0x5", [user("a", "bob")]: "1+0x5" },
        ...{ [users("b")]: "2+0x5", [user("b", "ann")]: "1+0x5", [user("b", "eve")]: "1+0x5" },
      },
      { [PEOPLE]: 3 },
    ],
    "names are dropped on a host of 50": [
      { [users("a")]: "1+0x5", [user("a", "ann")]: "1+0x5", [users("b")]: "50+0x5" },
      { [PEOPLE]: 50 },
    ],
    "there are more users than series": [
      { [users("a")]: "5+0x5", [user("a", "ann")]: "1+0x5", [user("a", "bob")]: "1+0x5" },
      { [PEOPLE]: 5 },
    ],
    "nobody is logged in": [{ [users("a")]: "0+0x5" }, { [PEOPLE]: 0 }],
    "one of two hosts is in use": [
      { [known("a")]: "3+0x5", [known("b")]: "0+0x5" },
      { [HOSTS_IN_USE]: 1 },
    ],
    "only past logins cannot be read": [
      { [sourceUp("a", "utmp")]: "1+0x5", [sourceUp("a", "btmp")]: "0+0x5" },
      { [SOURCES_UNREADABLE]: 0 },
    ],
    "the sessions of one of two hosts cannot be read, but its past logins can": [
      {
        ...{ [sourceUp("a", "utmp")]: "0+0x5", [sourceUp("a", "btmp")]: "1+0x5" },
        ...{ [sourceUp("b", "utmp")]: "1+0x5" },
      },
      { [SOURCES_UNREADABLE]: 1 },
    ],
    "nothing is known": [{}, { [HOSTS_IN_USE]: null }],
  };

for (const [name, [series, values]] of Object.entries(CASES)) {
  const tests = Object.entries(values).map(([query, value]) => testOf(query, value));
  testNeeding(
    [program("promtool")],
    `${Object.keys(values).join(", ")}: ${name}`,
    () => promtoolTestExpressions(series, tests),
  );
}

/** Known until minute 5, unknown until minute 9, known from then on. */
const OUTAGE = "1+0x5 stale _x3 1+0x10";

/** Logins and logouts in the two minutes before; null if they are unknown. */
const MOMENTS: Readonly<Record<string, number | null>> = {
  "4m": 0,
  // Unknown now: nobody has logged out.
  "7m": null,
  // Unknown two minutes ago: it is not known who has logged in.
  "10m": null,
  // A session that starts and ends in between counts.
  "13m": 1,
  // One session has started, another has ended.
  "14m": 1,
  "17m": 0,
};

testNeeding(
  [program("promtool")],
  "an outage is no login and no logout, and a short session is both",
  () =>
    promtoolTestExpressions(
      {
        ...{ [known("a")]: OUTAGE, [info("a", "1")]: OUTAGE },
        ...{ [info("a", "2")]: "_x12 1 stale", [info("a", "3")]: "_x14 1+0x6" },
      },
      Object.entries(MOMENTS).flatMap(([at, value]) =>
        [LOGINS, LOGOUTS].map((query) => testOf(query, value, { at, interval: 120 }))
      ),
    ),
);

/** The results after two increases, a rotation, and two increases. */
const ROTATED: Readonly<Record<string, readonly ExpressionTest["samples"][number][]>> = {
  "Logins per hour/A": [{ labels: '{kind="pty",remote="true"}', value: 4 * 12 }],
  "Failed logins per hour/A": [{ labels: '{instance="a"}', value: 40 * 12 }],
  "Addresses with the most failed logins/A": [{ labels: '{ip="192.0.2.66"}', value: 40 }],
};

testNeeding(
  [program("promtool")],
  "a rotation is no decrease of past logins, and what follows counts",
  () =>
    promtoolTestExpressions(
      {
        'unix_logins_total{job="j",instance="a",kind="pty",remote="true"}': "50 51 52 0 1 2",
        'unix_logins_total{job="j",instance="a",kind="console",remote="false"}': "7 7 7 0 0 0",
        'unix_failed_logins_total{job="j",instance="a",remote="true"}': "500 510 520 0 10 20",
        'unix_failed_logins_by_ip_total{job="j",instance="a",ip="192.0.2.66"}':
          "400 410 420 stale 10 20",
        // It has no series in the new file.
        'unix_failed_logins_by_ip_total{job="j",instance="a",ip="192.0.2.67"}': "90 90 90 stale",
      },
      Object.entries(ROTATED).map(([query, samples]) => ({ ...testOf(query, null), samples })),
    ),
);
