import { CATALOG } from "../../lib/metrics/catalog.ts";
import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { DASHBOARDS, expressionsOf, shownPanels } from "../support/dashboards.ts";
import { groupingLabelsOf, selectorsOf } from "../support/promql.ts";
import { readAlerts, readAllGroups } from "../support/rules.ts";

/** Labels that Prometheus gives to every series of a target, and that its operator adds. */
const TARGET_LABELS = ["job", "instance", "pod", "container", "endpoint"];

/** The labels of each metric that is exposed, or that Prometheus adds. */
const EXPOSED: ReadonlyMap<string, readonly string[]> = new Map([
  ...CATALOG.map(({ name, labels }) => [name, labels] as const),
  ["up", []],
  ["scrape_duration_seconds", []],
]);

const EXPRESSIONS = Object.values(DASHBOARDS).flatMap(expressionsOf);

/** Fails for a name that is not exposed or recorded, and for a label that no metric has. */
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
  const known = [
    ...TARGET_LABELS,
    ...selectors.flatMap(({ metric }) => EXPOSED.get(metric) ?? []),
    ...made.map(([, label = ""]) => label),
    // A recording rule has the labels that its name begins with.
    ...selectors.flatMap(({ metric }) => /^(\w+):/.exec(metric)?.[1]?.split("_") ?? []),
  ];
  assertEquals(groupingLabelsOf(expr).filter((label) => !known.includes(label)), [], expr);
}

Deno.test("the dashboards use only names and labels that are exposed", () => {
  for (const expr of EXPRESSIONS) assertExposed(expr);
});

Deno.test("the rules and alerts use only names and labels that are exposed", async () => {
  const rules = (await readAllGroups()).flatMap((group) => group.rules);
  const recorded = rules.flatMap((rule) => "record" in rule ? [rule.record] : []);
  for (const { expr } of rules) assertExposed(expr, recorded);
});

Deno.test("each metric is in a dashboard", () => {
  const used = EXPRESSIONS.flatMap(selectorsOf).map(({ metric }) => metric);
  assertEquals(CATALOG.map(({ name }) => name).filter((name) => !used.includes(name)), []);
});

Deno.test("legends use labels that the expression keeps", () => {
  for (const { title, targets = [] } of Object.values(DASHBOARDS).flatMap(shownPanels)) {
    for (const { expr, legendFormat } of targets) {
      const labels = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = ""]) => label);
      const own = selectorsOf(expr).flatMap(({ metric }) => EXPOSED.get(metric) ?? []);
      const kept = /\bby \(/.test(expr) ? groupingLabelsOf(expr) : [...TARGET_LABELS, ...own];
      assertEquals(labels.filter((label) => !kept.includes(label)), [], `${title}: ${expr}`);
    }
  }
});

Deno.test("each alert has a severity, a summary, a description and a section of the runbook", async () => {
  const readme = await Deno.readTextFile("dashboards/README.md");
  for (const { alert, labels, annotations: { summary, description } } of await readAlerts()) {
    assertMatch(alert, /^[A-Z][A-Za-z]+$/);
    assertMatch(labels.severity, /^(critical|warning|info)$/);
    assert(summary !== "" && description.endsWith("."), alert);
    assert(readme.includes(`\n### ${alert}\n`), `README.md has a section ${alert}`);
  }
});
