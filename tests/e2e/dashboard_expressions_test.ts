import { ACTIVITY, SESSIONS } from "../../tools/dashboards/expressions.ts";
import { fill } from "../../tools/dashboards/fill.ts";
import { program, testNeeding } from "../support/needs.ts";
import { inputSeries, promtoolTest } from "../support/promtool_test_file.ts";

/** What an expression answers when series have had these values at each minute. */
interface ExpressionCase {
  readonly expr: string;
  readonly story: string;
  readonly series: Readonly<Record<string, string>>;
  /** At the end of the fifth minute, five minutes being the interval; null for nothing. */
  readonly answer: number | null;
}

const known = (host: string): string => `unix_users_logged_in_total{job="j",instance="${host}"}`;
const users = (host: string): string => `unix_logged_in_users{job="j",instance="${host}"}`;
const user = (host: string, name: string): string =>
  `unix_user_session_count{job="j",instance="${host}",username="${name}"}`;
const info = (host: string, tty: string): string =>
  `unix_user_session_info{job="j",instance="${host}",username="ann",from="-",tty="${tty}",login_time="t"}`;
const nameless = 'unix_user_session_info{job="j",instance="a"}';

const CASES: readonly ExpressionCase[] = [
  {
    expr: ACTIVITY.logins,
    story: "two sessions come and one of them goes",
    series: {
      [known("a")]: "1 1 3 3 2 2",
      [info("a", "1")]: "1+0x5",
      [info("a", "2")]: "_x2 1+0x3",
      [info("a", "3")]: "_x2 1 1 stale",
    },
    answer: 2,
  },
  {
    expr: ACTIVITY.logouts,
    story: "two sessions come and one of them goes",
    series: {
      [known("a")]: "1 1 3 3 2 2",
      [info("a", "1")]: "1+0x5",
      [info("a", "2")]: "_x2 1+0x3",
      [info("a", "3")]: "_x2 1 1 stale",
    },
    answer: 1,
  },
  {
    expr: ACTIVITY.logins,
    story: "labels are dropped, and four sessions come",
    series: { [known("a")]: "1 1 5+0x3", [nameless]: "1+0x5" },
    answer: 4,
  },
  {
    expr: ACTIVITY.logouts,
    story: "labels are dropped, and all sessions go",
    series: { [known("a")]: "5 5 0+0x3", [nameless]: "1 1 stale" },
    answer: 5,
  },
  {
    expr: ACTIVITY.logins,
    story: "labels are dropped on one host where one comes, on another one comes and goes",
    series: {
      [known("a")]: "1 1 2+0x3",
      [nameless]: "1+0x5",
      [known("b")]: "0 0 1 0 0 0",
      [info("b", "1")]: "_x2 1 stale",
    },
    answer: 2,
  },
  {
    expr: ACTIVITY.logins,
    story: "nobody comes",
    series: { [known("a")]: "1+0x5", [info("a", "1")]: "1+0x5" },
    answer: 0,
  },
  {
    expr: ACTIVITY.logins,
    story: "one comes before the exporter ends",
    series: { [known("a")]: "0 0 1 stale", [info("a", "1")]: "_x2 1 stale" },
    answer: 1,
  },
  {
    expr: ACTIVITY.logins,
    story: "an exporter begins",
    series: { [known("a")]: "_x2 3+0x3", [info("a", "1")]: "_x2 1+0x3" },
    answer: null,
  },
  {
    expr: SESSIONS.people,
    story: "two hosts have a user in common",
    series: {
      [users("a")]: "2+0x5",
      [user("a", "ann")]: "1+0x5",
      [user("a", "bob")]: "1+0x5",
      [users("b")]: "2+0x5",
      [user("b", "ann")]: "1+0x5",
      [user("b", "eve")]: "1+0x5",
    },
    answer: 3,
  },
  {
    expr: SESSIONS.people,
    story: "names are dropped on a host of 50",
    series: { [users("a")]: "1+0x5", [user("a", "ann")]: "1+0x5", [users("b")]: "50+0x5" },
    answer: 50,
  },
  {
    expr: SESSIONS.people,
    story: "more users than series",
    series: { [users("a")]: "5+0x5", [user("a", "ann")]: "1+0x5", [user("a", "bob")]: "1+0x5" },
    answer: 5,
  },
  { expr: SESSIONS.people, story: "nobody is on", series: { [users("a")]: "0+0x5" }, answer: 0 },
  {
    expr: SESSIONS.hostsInUse,
    story: "one of two hosts is used",
    series: { [known("a")]: "3+0x5", [known("b")]: "0+0x5" },
    answer: 1,
  },
  { expr: SESSIONS.hostsInUse, story: "nothing is known", series: {}, answer: null },
];

const NAMES = new Map([
  [ACTIVITY.logins, "logins"],
  [ACTIVITY.logouts, "logouts"],
  [SESSIONS.people, "people"],
  [SESSIONS.hostsInUse, "hosts in use"],
]);

for (const { expr, story, series, answer } of CASES) {
  testNeeding([program("promtool")], `${NAMES.get(expr)}: ${story}`, () =>
    promtoolTest({
      evaluation_interval: "1m",
      tests: [{
        interval: "1m",
        input_series: inputSeries(series),
        promql_expr_test: [{
          expr: fill(expr, { interval: 300, rateInterval: 300, range: 300 }),
          eval_time: "5m",
          exp_samples: answer === null ? [] : [{ labels: "{}", value: answer }],
        }],
      }],
    }));
}

const TARGET = 'job="unix_users",instance="web:32142"';
const FILLING = { interval: 120, rateInterval: 240, range: 3_600 };

/** Known until minute 5, unknown until minute 9, known from then on. */
const OUTAGE = "1+0x5 stale _x3 1+0x10";

function infoOf(user: string): string {
  return `unix_user_session_info{${TARGET},username="${user}",from="-",tty="tty1",login_time="-"}`;
}

/** Sessions that begin and end in the two minutes before: null where nothing is known. */
const MOMENTS: Readonly<Record<string, readonly [number | null, number | null]>> = {
  "4m": [0, 0],
  // Unknown now: nobody has logged out.
  "7m": [null, null],
  // Unknown two minutes ago: nobody knows who has logged in.
  "10m": [null, null],
  // Who came and went in between counts.
  "13m": [1, 1],
  "14m": [1, 1],
  "17m": [0, 0],
};

testNeeding(
  [program("promtool")],
  "an outage is no login and no logout, and a short session is both",
  () => {
    const answer = (value: number | null): readonly unknown[] =>
      value === null ? [] : [{ labels: "{}", value }];
    return promtoolTest({
      rule_files: [],
      evaluation_interval: "1m",
      tests: [{
        interval: "1m",
        input_series: inputSeries({
          [`unix_users_logged_in_total{${TARGET}}`]: OUTAGE,
          [infoOf("alice")]: OUTAGE,
          [infoOf("bob")]: "_x12 1 stale",
          [infoOf("carol")]: "_x14 1+0x6",
        }),
        promql_expr_test: Object.entries(MOMENTS).flatMap(([at, [logins, logouts]]) => [
          { expr: fill(ACTIVITY.logins, FILLING), eval_time: at, exp_samples: answer(logins) },
          { expr: fill(ACTIVITY.logouts, FILLING), eval_time: at, exp_samples: answer(logouts) },
        ]),
      }],
    });
  },
);
