import { load } from "js-yaml";
import { assert, assertEquals } from "../support/assert.ts";
import { program, testNeeding } from "../support/needs.ts";
import { promtoolTest, promtoolTestExpressions } from "../support/promtool_test_file.ts";
import { alertsOf, groupsOf, readAlerts, RULE_FILES } from "../support/rules.ts";
import { succeed } from "../support/succeed.ts";

const PROMTOOL = [program("promtool")];

/** The test files of alerts.yaml. */
const ALERT_TESTS = [
  "dashboards/alerts_test.yaml",
  "dashboards/alerts_history_test.yaml",
  "dashboards/alerts_past_logins_test.yaml",
];

for (const path of [...ALERT_TESTS, "dashboards/rules_test.yaml"]) {
  testNeeding(PROMTOOL, `promtool test rules ${path}`, () => promtoolTest(path));
}

testNeeding(PROMTOOL, "promtool accepts the rules and the alerts", async () => {
  await succeed("promtool", "check", "rules", ...RULE_FILES);
});

interface TestFile {
  readonly tests: readonly {
    readonly promql_expr_test?: readonly {
      readonly expr: string;
      readonly exp_samples?: readonly unknown[];
    }[];
  }[];
}

Deno.test("each alert has a test in which it fires and one in which it does not", async () => {
  const texts = await Promise.all(ALERT_TESTS.map((path) => Deno.readTextFile(path)));
  const tests = texts.flatMap((text) => (load(text) as TestFile).tests)
    .flatMap(({ promql_expr_test = [] }) => promql_expr_test);
  for (const { alert } of await readAlerts()) {
    const expr = `ALERTS{alertname="${alert}",alertstate="firing"}`;
    const fires = tests.filter((test) => test.expr === expr)
      .map(({ exp_samples = [] }) => exp_samples.length > 0);
    assertEquals(new Set(fires), new Set([true, false]), alert);
  }
});

Deno.test("the command in the README links each alert to its section of the runbook", async () => {
  const readme = await Deno.readTextFile("dashboards/README.md");
  const [, script = ""] = /^sed -E '(.+)' dashboards\/alerts\.yaml/m.exec(readme) ?? [];
  const text = await succeed("sed", "-E", script, "dashboards/alerts.yaml");
  const links = alertsOf(groupsOf(text)).map(({ annotations }) =>
    "runbook_url" in annotations && annotations.runbook_url
  );
  const names = (await readAlerts()).map(({ alert }) => alert.toLowerCase());
  assertEquals(links, names.map((name) => `https://wiki.example.org/unix-users#${name}`));
  const withoutLinks = text.replaceAll(/^ +runbook_url: \S+\n/gm, "");
  assertEquals(withoutLinks, await Deno.readTextFile("dashboards/alerts.yaml"));
});

/** Logins in seconds since the epoch, a Thursday, with the offset to UTC and whether they are outside. */
const LOGINS = [
  ["Tokyo: Friday 8:30, Thursday 23:30 UTC", 9, 84_600, false],
  ["Tokyo: Saturday 1:00, Friday 16:00 UTC", 9, 144_000, true],
  ["Tokyo: Thursday 19:30, Thursday 10:30 UTC", 9, 37_800, true],
  ["Tokyo: Monday 8:00, Sunday 23:00 UTC", 9, 342_000, false],
  ["Los Angeles: Friday 18:00, Saturday 2:00 UTC", -8, 180_000, false],
  ["Los Angeles: Thursday 6:00, Thursday 14:00 UTC", -8, 50_400, true],
  ["Los Angeles: Sunday 17:00, Monday 1:00 UTC", -8, 349_200, true],
  ["India: Thursday 7:00, Thursday 1:30 UTC", 5.5, 5_400, false],
  ["India: Thursday 6:59, Thursday 1:29 UTC", 5.5, 5_340, true],
] as const;

for (const [login, offset, seconds, isOutside] of LOGINS) {
  testNeeding(PROMTOOL, `working hours with an offset to UTC: ${login}`, async () => {
    const alerts = await readAlerts();
    const { expr = "" } = alerts.find(({ alert }) => alert === "UnixLoginOutsideWorkingHours") ??
      {};
    // As the comment in alerts.yaml says.
    const local = expr.replaceAll("* 0", `* ${offset}`);
    assert(local !== expr);
    const labels = '{instance="web:32142",job="unix_users",username="alice"}';
    const series = `unix_session_login_timestamp_seconds${labels}`;
    await promtoolTestExpressions({ [series]: `_x${seconds / 60} ${seconds}+0x9` }, [{
      // Only the existence of a value matters.
      expr: `group by (job, instance, username) (${local})`,
      at: `${seconds + 60}s`,
      samples: isOutside ? [{ labels, value: 1 }] : [],
    }]);
  });
}
