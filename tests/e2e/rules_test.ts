import { ALL_ALERTS } from "../../tools/dashboards/alerts.ts";
import { assert, assertEquals } from "../assert.ts";
import { ALERT_CASES, type AlertCase } from "./alert_cases.ts";
import { program, testNeeding } from "./needs.ts";
import { run } from "./program.ts";
import { inputSeries, promtoolTest } from "./promtool_test_file.ts";

const ALERTS_FILE = `${Deno.cwd()}/dashboards/alerts.yaml`;
const RULES_FILE = `${Deno.cwd()}/dashboards/rules.yaml`;

function testOf({ alert, step = "1m", series, at, firing }: AlertCase): unknown {
  const severity = ALL_ALERTS.find(({ alert: name }) => name === alert)?.labels.severity;
  return {
    interval: step,
    input_series: inputSeries(series),
    promql_expr_test: [{
      expr: `ALERTS{alertname="${alert}",alertstate="firing"}`,
      eval_time: at,
      exp_samples: firing.map((labels) => ({
        labels: `ALERTS{alertname="${alert}",alertstate="firing",severity="${severity}",${labels}}`,
        value: 1,
      })),
    }],
  };
}

for (const alertCase of ALERT_CASES) {
  const { alert, story, step, firing } = alertCase;
  const outcome = firing.length > 0 ? "fires" : "is silent";
  testNeeding([program("promtool")], `${alert} ${outcome}: ${story}`, () =>
    promtoolTest({
      rule_files: [ALERTS_FILE],
      evaluation_interval: step ?? "1m",
      tests: [testOf(alertCase)],
    }));
}

Deno.test("each alert has a firing and a silent case", () => {
  for (const { alert } of ALL_ALERTS) {
    const cases = ALERT_CASES.filter((alertCase) => alertCase.alert === alert);
    assert(cases.some(({ firing }) => firing.length > 0), `${alert} has a firing case`);
    assert(cases.some(({ firing }) => firing.length === 0), `${alert} has a silent case`);
  }
});

testNeeding([program("promtool")], "promtool accepts the rules and the alerts", async () => {
  const words = ["promtool", "check", "rules", RULES_FILE, ALERTS_FILE];
  const { code, stdout, stderr } = await run(words);
  assertEquals(code, 0, `${stdout}${stderr}`);
});

testNeeding([program("promtool")], "an alert keeps hostile names from its words", () => {
  const hostile = "<!channel> @all *x* {{ 1 }} müller";
  const labels = `job="unix_users",instance="web:32142",username="${hostile}"`;
  return promtoolTest({
    rule_files: [ALERTS_FILE],
    evaluation_interval: "1m",
    tests: [{
      interval: "1m",
      input_series: inputSeries({ [`unix_user_session_count{${labels}}`]: "21+0x20" }),
      alert_rule_test: [{
        alertname: "UnixManySessionsOfUser",
        eval_time: "15m",
        exp_alerts: [{
          exp_labels: {
            job: "unix_users",
            instance: "web:32142",
            username: hostile,
            severity: "warning",
          },
          exp_annotations: {
            summary: "??channel???all??x?????1????müller has many sessions on web:32142",
            description: "??channel???all??x?????1????müller has 21 sessions on web:32142.",
            runbook_url: "README.md#unixmanysessionsofuser",
          },
        }],
      }],
    }],
  });
});

testNeeding([program("promtool")], "the recording rules add up the hosts of a job", () => {
  const series = (name: string, host: string, labels = ""): string =>
    `${name}{job="a",instance="${host}"${labels}}`;
  const sample = (labels: string, value: number): unknown => ({ labels, value });
  return promtoolTest({
    rule_files: [RULES_FILE],
    evaluation_interval: "1m",
    tests: [{
      interval: "1m",
      input_series: inputSeries({
        [series("unix_users_logged_in_total", "h1")]: "2+0x9",
        [series("unix_users_logged_in_total", "h2")]: "3+0x9",
        [series("unix_user_session_count", "h1", ',username="alice"')]: "2+0x9",
        [series("unix_user_session_count", "h2", ',username="alice"')]: "2+0x9",
        [series("unix_user_session_count", "h2", ',username="bob"')]: "1+0x9",
        [series("unix_user_session_by_ip", "h1", ',ip="192.0.2.7"')]: "1+0x9",
        [series("unix_user_session_by_ip", "h2", ',ip="192.0.2.7"')]: "3+0x9",
        [series("unix_sessions", "h1", ',kind="pty",remote="true"')]: "1+0x9",
        [series("unix_sessions", "h2", ',kind="pty",remote="true"')]: "3+0x9",
        [series("unix_session_login_timestamp_seconds", "h1", ',username="alice"')]: "60+0x9",
        [series("unix_session_login_timestamp_seconds", "h2", ',username="bob"')]: "9000+0x9",
        [series("unix_user_exporter_source_up", "h1", ',source="logind"')]: "1+0x9",
        [series("unix_user_exporter_source_up", "h1", ',source="utmp"')]: "0+0x9",
        [series("unix_user_exporter_source_up", "h2")]: "0+0x9",
      }),
      promql_expr_test: Object.entries(
        {
          "job:unix_users_logged_in:sum": [["", 5]],
          "job:unix_logged_in_users:count": [["", 2]],
          "job_kind_remote:unix_sessions:sum": [[',kind="pty",remote="true"', 4]],
          "job_username:unix_user_session_count:sum": [
            [',username="alice"', 4],
            [',username="bob"', 1],
          ],
          "job_ip:unix_user_session_by_ip:sum": [[',ip="192.0.2.7"', 4]],
          "job_instance:unix_session_duration_seconds:max": [
            [',instance="h1"', 240],
            // The clock of this host is ahead.
            [',instance="h2"', 0],
          ],
          "job:unix_user_exporter_source_up:avg": [["", 0.5]],
        } satisfies Record<string, readonly (readonly [string, number])[]>,
      ).map(
        ([record, samples]) => ({
          expr: record,
          eval_time: "5m",
          exp_samples: samples.map(([labels, value]) =>
            sample(`${record}{job="a"${labels}}`, value)
          ),
        }),
      ),
    }],
  });
});
