import { CATALOG } from "../../lib/metrics/catalog.ts";
import { type Alert, alertGroups, alertsOf } from "../../tools/dashboards/alerts.ts";
import { PROMETHEUS_METRICS } from "../../tools/dashboards/expressions.ts";
import { PARAMETERS } from "../../tools/dashboards/parameters.ts";
import { type RecordingRule, RULES } from "../../tools/dashboards/rules.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { groupingLabelsOf, selectorsOf } from "../support/promql.ts";
import {
  DASHBOARD_PATHS,
  expressionsOf,
  readDashboard,
  shownPanels,
} from "../support/dashboard_schema.ts";

/** Labels that Prometheus gives to every series of a target, and that its operator adds. */
const TARGET_LABELS = ["job", "instance", "pod", "container", "endpoint"];

/** What is exposed, by name, with its labels. */
const EXPOSED: ReadonlyMap<string, readonly string[]> = new Map([
  ...CATALOG.map(({ name, labels }) => [name, labels] as const),
  ...Object.values(PROMETHEUS_METRICS).map(({ name }) => [name, []] as const),
]);

const GROUPS: readonly { readonly rules: readonly (RecordingRule | Alert)[] }[] = [
  ...RULES.groups,
  ...alertGroups(PARAMETERS),
];
const ALL_RULES = GROUPS.flatMap(({ rules }) => rules);
const RECORDED = ALL_RULES.flatMap((rule) => "record" in rule ? [rule.record] : []);

async function dashboardExpressions(): Promise<readonly string[]> {
  return (await Promise.all(DASHBOARD_PATHS.map(readDashboard))).flatMap(expressionsOf);
}

/** Fails for a name that is not exposed, and for a label that none of the metrics has. */
function assertExposed(expr: string, recorded: readonly string[] = []): void {
  const selectors = selectorsOf(expr);
  for (const { metric, labels } of selectors) {
    if (recorded.includes(metric)) continue;
    const exposed = EXPOSED.get(metric);
    assert(exposed !== undefined, `${metric} is not exposed: ${expr}`);
    const unknown = labels.filter((label) => ![...TARGET_LABELS, ...exposed].includes(label));
    assertEquals(unknown, [], expr);
  }
  // The second argument of label_replace, before the replacement.
  const made = [...expr.matchAll(/"(\w+)", "\$/g)];
  const some = [
    ...TARGET_LABELS,
    ...selectors.flatMap(({ metric }) => EXPOSED.get(metric) ?? []),
    ...made.map(([, label = ""]) => label),
    // A record has the labels that its name begins with.
    ...selectors.flatMap(({ metric }) => /^(\w+):/.exec(metric)?.[1]?.split("_") ?? []),
  ];
  const unknown = groupingLabelsOf(expr).filter((label) => !some.includes(label));
  assertEquals(unknown, [], expr);
}

Deno.test("the dashboards use no name and no label that is not exposed", async () => {
  for (const expr of await dashboardExpressions()) assertExposed(expr);
});

Deno.test("the rules and alerts use no name and no label that is not exposed", () => {
  for (const { expr } of ALL_RULES) assertExposed(expr, RECORDED);
});

Deno.test("each metric is in a dashboard", async () => {
  const used = (await dashboardExpressions()).flatMap(selectorsOf).map(({ metric }) => metric);
  assertEquals(CATALOG.map(({ name }) => name).filter((name) => !used.includes(name)), []);
});

Deno.test("legends and columns name labels that the expression keeps", async () => {
  for (const dashboard of await Promise.all(DASHBOARD_PATHS.map(readDashboard))) {
    for (const { title, targets = [] } of shownPanels(dashboard)) {
      for (const { expr, legendFormat } of targets) {
        const labels = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = ""]) => label);
        const grouped = groupingLabelsOf(expr);
        const own = selectorsOf(expr).flatMap(({ metric }) => EXPOSED.get(metric) ?? []);
        const kept = /\bby \(/.test(expr) ? grouped : [...TARGET_LABELS, ...own];
        assertEquals(labels.filter((label) => !kept.includes(label)), [], `${title}: ${expr}`);
      }
    }
  }
});

Deno.test("each alert says what, how grave and what to do, in a section of the README", async () => {
  const readme = await Deno.readTextFile("dashboards/README.md");
  const anchors = [...readme.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) => title.toLowerCase());
  for (const { alert, labels, annotations } of alertsOf(alertGroups(PARAMETERS))) {
    assert(/^[A-Z][A-Za-z]+$/.test(alert), alert);
    assert(["critical", "warning", "info"].includes(labels.severity), alert);
    const { summary, description } = annotations;
    assert(summary !== "" && description.endsWith("."), alert);
    assert(anchors.includes(alert.toLowerCase()), `README.md has a section ${alert}`);
  }
});

Deno.test("the README has the parameters of the alerts as they are", async () => {
  const readme = await Deno.readTextFile("dashboards/README.md");
  const { runbook: _, dayBegins, dayEnds, utcOffset, ...others } = PARAMETERS;
  const { manySessions, riseFactor, riseSessions, oldDays } = others;
  const values = [
    ["UnixLoginOutsideWorkingHours", `${dayBegins} to ${dayEnds}`],
    ["utcOffset", `${utcOffset}`],
    ["UnixManySessionsOfUser", `over ${manySessions}`],
    ["UnixSessionsRise", `${riseFactor}, ${riseSessions}`],
    ["UnixSessionTooOld", `over ${oldDays}`],
  ];
  for (const [alert, value] of values) {
    assert(new RegExp(`^\\|.*\\b${alert}\\b.* ${value} +\\|$`, "m").test(readme), alert);
  }
});
