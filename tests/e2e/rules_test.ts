import { alertExpressions } from "../../tools/dashboards/alert_expressions.ts";
import { alertGroups, alertsOf } from "../../tools/dashboards/alerts.ts";
import { yaml } from "../../tools/dashboards/files.ts";
import type { Parameters } from "../../tools/dashboards/parameters.ts";
import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";
import { ALERT_CASES, type AlertCase, PLACE } from "../support/alert_cases.ts";
import { program, testNeeding } from "../support/needs.ts";
import { run } from "../support/program.ts";
import { inputSeries, promtoolTest } from "../support/promtool_test_file.ts";
import { tempDir } from "../support/temp_dir.ts";

const ALERTS = alertsOf(alertGroups(PLACE));
const RULES_FILE = `${Deno.cwd()}/dashboards/rules.yaml`;

function testOf({ alert, step = "1m", series, at, firing }: AlertCase): unknown {
  const severity = ALERTS.find(({ alert: name }) => name === alert)?.labels.severity;
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

/** Plays a test of the alerts of {@link PLACE}. */
async function promtoolTestOfAlerts(test: Readonly<Record<string, unknown>>): Promise<void> {
  await using dir = await tempDir();
  const path = dir.join("alerts.yaml");
  await Deno.writeTextFile(path, yaml({ groups: alertGroups(PLACE) }));
  await promtoolTest({ ...test, rule_files: [path] });
}

for (const alertCase of ALERT_CASES) {
  const { alert, story, step, firing } = alertCase;
  const outcome = firing.length > 0 ? "fires" : "is silent";
  testNeeding([program("promtool")], `${alert} ${outcome}: ${story}`, () =>
    promtoolTestOfAlerts({
      evaluation_interval: step ?? "1m",
      tests: [testOf(alertCase)],
    }));
}

/** Logins in seconds since the epoch, which is when promtool's time begins: midnight UTC of a Thursday. */
const ZONES = [
  { zone: "Tokyo", utcOffset: 9, login: "Thursday 23:30 UTC, Friday 8:30 there", at: 84_600 },
  {
    zone: "Tokyo",
    utcOffset: 9,
    login: "Friday 16:00 UTC, Saturday 1:00 there",
    at: 144_000,
    isOutside: true,
  },
  {
    zone: "Tokyo",
    utcOffset: 9,
    login: "Thursday 10:30 UTC, Thursday 19:30 there",
    at: 37_800,
    isOutside: true,
  },
  {
    zone: "Tokyo",
    utcOffset: 9,
    login: "Sunday 23:00 UTC, Monday 8:00 there",
    at: 3 * 86_400 + 82_800,
  },
  {
    zone: "Los Angeles",
    utcOffset: -8,
    login: "Saturday 2:00 UTC, Friday 18:00 there",
    at: 2 * 86_400 + 7_200,
  },
  {
    zone: "Los Angeles",
    utcOffset: -8,
    login: "Thursday 14:00 UTC, Thursday 6:00 there",
    at: 50_400,
    isOutside: true,
  },
  {
    zone: "Los Angeles",
    utcOffset: -8,
    login: "Monday 1:00 UTC, Sunday 17:00 there",
    at: 4 * 86_400 + 3_600,
    isOutside: true,
  },
  {
    zone: "India",
    utcOffset: 5.5,
    login: "Thursday 1:30 UTC, Thursday 7:00 there",
    at: 5_400,
  },
  {
    zone: "India",
    utcOffset: 5.5,
    login: "Thursday 1:29 UTC, Thursday 6:59 there",
    at: 5_340,
    isOutside: true,
  },
] as const;

for (const { zone, utcOffset, login, at, ...rest } of ZONES) {
  const isOutside = "isOutside" in rest;
  const outcome = isOutside ? "outside of" : "in";
  testNeeding([program("promtool")], `${zone}: ${login} is ${outcome} working hours`, () => {
    const labels = 'instance="web:32142",job="unix_users",username="alice"';
    const step = 60;
    return promtoolTest({
      evaluation_interval: "1m",
      tests: [{
        interval: "1m",
        input_series: inputSeries({
          [`unix_session_login_timestamp_seconds{${labels}}`]: `_x${at / step} ${at}+0x9`,
        }),
        promql_expr_test: [{
          // The time since the login is not what is asked here: one where there is a result.
          expr: `group by (job, instance, username) (${
            alertExpressions({ ...PLACE, utcOffset }).outsideHours.trim()
          })`,
          eval_time: `${at + step}s`,
          exp_samples: isOutside ? [{ labels: `{${labels}}`, value: 1 }] : [],
        }],
      }],
    });
  });
}

Deno.test("each alert has a firing and a silent case", () => {
  for (const { alert } of ALERTS) {
    const cases = ALERT_CASES.filter((alertCase) => alertCase.alert === alert);
    assert(cases.some(({ firing }) => firing.length > 0), `${alert} has a firing case`);
    assert(cases.some(({ firing }) => firing.length === 0), `${alert} has a silent case`);
  }
});

Deno.test("make alerts links each alert to its section of the runbook, at any address", async () => {
  const words = ["make", "--silent", "alerts"];
  const { code, stdout } = await run([...words, `RUNBOOK=${PLACE.runbook}`]);
  assertEquals(code, 0);
  const links = [...stdout.matchAll(/runbook_url: (\S+)/g)].map(([, link]) => link);
  assertEquals(links, ALERTS.map(({ alert }) => `${PLACE.runbook}#${alert.toLowerCase()}`));
  const withoutLinks = stdout.replaceAll(/^ +runbook_url: \S+\n/gm, "");
  assertEquals(await Deno.readTextFile("dashboards/alerts.yaml"), withoutLinks);
});

for (const runbook of ["", "README.md", "javascript:1"]) {
  Deno.test(`make alerts refuses the address "${runbook}"`, async () => {
    const { code, stdout, stderr } = await run([
      "make",
      "--silent",
      "alerts",
      `RUNBOOK=${runbook}`,
    ]);
    assertEquals([code === 0, stdout], [false, ""]);
    assertStringIncludes(stderr, `RUNBOOK must be an http or https URL, not "${runbook}"\n`);
  });
}

testNeeding([program("promtool")], "promtool accepts the rules and the alerts", async () => {
  const words = ["promtool", "check", "rules", RULES_FILE, "dashboards/alerts.yaml"];
  const { code, stdout, stderr } = await run(words);
  assertEquals(code, 0, `${stdout}${stderr}`);
});

Deno.test("the words of the alerts have the numbers of the place", () => {
  const words = (place: Partial<Parameters>): string =>
    JSON.stringify(alertsOf(alertGroups({ ...PLACE, ...place })));
  assertStringIncludes(words({ dayBegins: 6, dayEnds: 15 }), "not between 6:00 and 15:00 UTC.");
  assertStringIncludes(words({ utcOffset: 9 }), "7:00 and 19:00 UTC+9.");
  assertStringIncludes(words({ utcOffset: -8 }), "7:00 and 19:00 UTC-8.");
  assertStringIncludes(words({ oldDays: 30 }), "for more than 30 days");
  assertStringIncludes(words({ riseFactor: 3 }), "more than 3 times the most of the last week");
});

/** What the words of an alert show of a label: ordinary values as they are, and nothing that others obey. */
const SHOWN: Readonly<Record<string, string>> = {
  "alice": "alice",
  "alice@example.org": "alice@example.org",
  "EXAMPLE\\alice": "EXAMPLE\\alice",
  "EXAMPLE\\john o'brien": "EXAMPLE\\john o'brien",
  "web1$": "web1$",
  "alice+test_1.2-3": "alice+test_1.2-3",
  "müller 日本 मनीष e\u0301": "müller 日本 मनीष e\u0301",
  "fe80::1%eth0": "fe80::1%eth0",
  "2026-11-26 11:24": "2026-11-26 11:24",
  "caf\\xe9": "caf\\xe9",
  "<!channel> @all *x* {{ 1 }} müller": "??channel? ?all ?x? ?? 1 ?? müller",
  "@@here x@ @y a@@b": "?here x@ ?y a@?b",
  "[x](http://y.org) `z` |&;\u202e": "?x??http://y.org? ?z? ????",
  "a\nb\tc\u0000d": "a?b?c?d",
};

for (const [name, shown] of Object.entries(SHOWN)) {
  testNeeding([program("promtool")], `an alert shows ${JSON.stringify(name)}`, () => {
    const labels = { instance: "web:32142", job: "unix_users", username: name };
    // As promtool reads the name of a series: escapes are those of Go.
    const text = Object.entries(labels).map(([label, value]) =>
      `${label}=${JSON.stringify(value).replaceAll("\\u0000", "\\x00")}`
    ).join();
    return promtoolTestOfAlerts({
      evaluation_interval: "1m",
      tests: [{
        interval: "1m",
        input_series: inputSeries({ [`unix_user_session_count{${text}}`]: "21+0x20" }),
        alert_rule_test: [{
          alertname: "UnixManySessionsOfUser",
          eval_time: "15m",
          exp_alerts: [{
            exp_labels: { ...labels, severity: "warning" },
            exp_annotations: {
              summary: `${shown} has many sessions on web:32142`,
              description: `${shown} has 21 sessions on web:32142.`,
              runbook_url: `${PLACE.runbook}#unixmanysessionsofuser`,
            },
          }],
        }],
      }],
    });
  });
}

testNeeding(
  [program("promtool")],
  "people are counted where nobody is on, without names and above the cap",
  () => {
    const series = (name: string, job: string, host: string): string =>
      `${name}{job="${job}",instance="${host}"}`;
    return promtoolTest({
      rule_files: [RULES_FILE],
      evaluation_interval: "1m",
      tests: [{
        interval: "1m",
        input_series: inputSeries({
          [series("unix_logged_in_users", "idle", "h1")]: "0+0x9",
          [series("unix_logged_in_users", "nameless", "h1")]: "2+0x9",
          [series("unix_logged_in_users", "nameless", "h2")]: "3+0x9",
          [series("unix_logged_in_users", "capped", "h1")]: "5+0x9",
          [series("unix_user_session_count", "capped", "h1").replace("{", '{username="ann",')]:
            "2+0x9",
          [series("unix_user_session_count", "nameless", "h1")]: "2+0x9",
          [series("unix_user_session_count", "nameless", "h2")]: "5+0x9",
        }),
        promql_expr_test: [{
          expr: "job:unix_logged_in_users:count",
          eval_time: "5m",
          exp_samples: [
            { labels: 'job:unix_logged_in_users:count{job="capped"}', value: 5 },
            { labels: 'job:unix_logged_in_users:count{job="idle"}', value: 0 },
            { labels: 'job:unix_logged_in_users:count{job="nameless"}', value: 3 },
          ],
        }],
      }],
    });
  },
);

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
        [series("unix_logged_in_users", "h1")]: "1+0x9",
        [series("unix_logged_in_users", "h2")]: "2+0x9",
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
