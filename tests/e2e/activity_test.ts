import { ACTIVITY } from "../../tools/dashboards/expressions.ts";
import { fill } from "../../tools/dashboards/fill.ts";
import { program, testNeeding } from "./needs.ts";
import { inputSeries, promtoolTest } from "./promtool_test_file.ts";

const TARGET = 'job="unix_users",instance="web:32142"';
const FILLING = { interval: 120, rateInterval: 240, range: 3_600 };

/** Known until minute 5, unknown until minute 9, known from then on. */
const OUTAGE = "1+0x5 stale _x3 1+0x10";

function info(user: string): string {
  return `unix_user_session_info{${TARGET},username="${user}",from="-",tty="tty1",login_time="-"}`;
}

/** Sessions that begin and end in the two minutes before: null where nothing is known. */
const MOMENTS: Readonly<Record<string, readonly [number | null, number | null]>> = {
  "4m": [0, 0],
  // Unknown now: nobody has logged out.
  "7m": [null, null],
  // Unknown two minutes ago: nobody has logged in.
  "10m": [0, 0],
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
          [info("alice")]: OUTAGE,
          [info("bob")]: "_x12 1 stale",
          [info("carol")]: "_x14 1+0x6",
        }),
        promql_expr_test: Object.entries(MOMENTS).flatMap(([at, [logins, logouts]]) => [
          { expr: fill(ACTIVITY.logins, FILLING), eval_time: at, exp_samples: answer(logins) },
          { expr: fill(ACTIVITY.logouts, FILLING), eval_time: at, exp_samples: answer(logouts) },
        ]),
      }],
    });
  },
);
