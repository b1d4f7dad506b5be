import { CATALOG } from "../../lib/metrics/catalog.ts";
import { FILES } from "../../tools/dashboards/files.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { selectorsOf } from "../support/promql.ts";
import {
  type Dashboard,
  DASHBOARD_PATHS,
  expressionsOf,
  readDashboard,
  shownPanels,
} from "../support/dashboard_schema.ts";

/** The dashboard of the original has this one; both are there after an import. */
const UID_OF_THE_ORIGINAL = "unix-users";

/** The units of Grafana that are used. */
const UNITS = ["none", "s", "cps", "bytes", "percentunit", "dateTimeFromNow", "dtdurations"];

const DATASOURCE = "${datasource}";

/** What grafana/dashboard-linter asks of a dashboard, by the names of its rules, and what it does not. */
const RULES: Readonly<Record<string, (dashboard: Dashboard) => void>> = {
  "template-datasource-rule": ({ templating }) => {
    const [first, ...others] = templating.list.filter(({ type }) => type === "datasource");
    assertEquals([first?.name, first?.label, first?.query], [
      "datasource",
      "Data source",
      "prometheus",
    ]);
    assertEquals(others, []);
  },
  "template-job-rule, template-instance-rule, template-on-time-change-reload": (
    { templating },
  ) => {
    const queries = templating.list.filter(({ type }) => type === "query");
    assertEquals(queries.map(({ name, label }) => [name, label]), [["job", "Job"], [
      "instance",
      "Instance",
    ]]);
    for (const { datasource, multi, allValue, refresh } of queries) {
      assertEquals([datasource?.uid, multi, allValue, refresh], [DATASOURCE, true, ".+", 2]);
    }
  },
  "template-label-promql-rule": ({ templating }) => {
    const queries = templating.list.flatMap(({ query }) =>
      typeof query === "string" ? [] : [query]
    );
    assertEquals(queries.length, 2);
    for (const { query } of queries) {
      const [, selector = ""] = /^label_values\((.+), \w+\)$/.exec(query) ?? [];
      assertEquals(selectorsOf(selector).length, 1);
    }
  },
  "template-unused: each variable is in an expression": (dashboard) => {
    for (const { name, type } of dashboard.templating.list) {
      const texts = type === "query"
        ? expressionsOf(dashboard)
        : [JSON.stringify(dashboard.panels)];
      assert(
        texts.every((text) => text.includes(`$${name}`) || text.includes(`\${${name}}`)),
        name,
      );
    }
  },
  "panel-datasource-rule": (dashboard) => {
    for (const { title, datasource, targets = [] } of shownPanels(dashboard)) {
      const uids = [datasource, ...targets.map((target) => target.datasource)].map((d) => d?.uid);
      assertEquals(new Set(uids), new Set([DATASOURCE]), title);
    }
    for (const { datasource } of dashboard.annotations.list) {
      assertEquals(datasource.uid, DATASOURCE);
    }
  },
  "panel-title-description-rule": (dashboard) => {
    for (const { title, description = "" } of shownPanels(dashboard)) {
      assert(title !== "" && /^[A-Z].*\.$/.test(description), `${title}: ${description}`);
    }
  },
  "panel-units-rule": (dashboard) => {
    for (const { title, fieldConfig } of shownPanels(dashboard)) {
      assert(UNITS.includes(fieldConfig?.defaults.unit ?? ""), title);
    }
  },
  "panel-no-targets-rule": (dashboard) => {
    for (const { title, targets = [] } of shownPanels(dashboard)) {
      assert(targets.length > 0, title);
      const ids = targets.map(({ refId }) => refId);
      assertEquals(new Set(ids).size, ids.length, title);
    }
  },
  "target-promql-rule": (dashboard) => {
    for (const expr of expressionsOf(dashboard)) assert(selectorsOf(expr).length > 0, expr);
  },
  "target-job-rule, target-instance-rule, target-required-matchers-rule": (dashboard) => {
    for (const expr of expressionsOf(dashboard)) {
      for (const { matchers } of selectorsOf(expr)) {
        assertEquals(matchers.slice(0, 2), ['job=~"$job"', 'instance=~"$instance"'], expr);
      }
    }
  },
  "target-rate-interval-rule, target-counter-agg-rule": (dashboard) => {
    // By what the catalog says of a metric: the name of the original's gauge ends in _total too.
    const counters = CATALOG.filter(({ type }) => type === "counter").map(({ name }) => name);
    for (const expr of expressionsOf(dashboard)) {
      for (const { metric, func, range } of selectorsOf(expr)) {
        const isRate = func === "rate";
        assertEquals(isRate, counters.includes(metric), expr);
        assertEquals(isRate, range === "$__rate_interval", expr);
      }
    }
  },
  "annotations take their time from the value": ({ annotations }) => {
    assertEquals(annotations.list.map(({ useValueForTime }) => useValueForTime), [true]);
  },
  "uneditable-dashboard-rule": ({ editable }) => assertEquals(editable, false),
  "title, description, tags, refresh and schema": (dashboard) => {
    const { id, title, description, tags, refresh, schemaVersion } = dashboard;
    assertEquals([id, refresh], [null, "30s"]);
    assert(title !== "" && description !== "" && tags.length > 0);
    assert(39 <= schemaVersion && schemaVersion <= 42, `${schemaVersion}`);
  },
  "panels have ids of their own": ({ panels }) => {
    assertEquals(new Set(panels.map(({ id }) => id)).size, panels.length);
    assertEquals(new Set(panels.map(({ title }) => title)).size, panels.length);
  },
  "panels fill the grid and do not overlap": ({ panels }) => {
    const taken = new Set<string>();
    for (const { title, gridPos: { x, y, w, h } } of panels) {
      assert(w > 0 && h > 0 && Number.isInteger(w) && x >= 0 && x + w <= 24, title);
      for (let column = x; column < x + w; column++) {
        for (let line = y; line < y + h; line++) {
          assert(!taken.has(`${column},${line}`), `${title} overlaps at ${column},${line}`);
          taken.add(`${column},${line}`);
        }
      }
    }
    const height = Math.max(...panels.map(({ gridPos: { y, h } }) => y + h));
    assertEquals(taken.size, height * 24);
  },
  "columns that are renamed or formatted are there": (dashboard) => {
    for (const panel of shownPanels(dashboard).filter(({ type }) => type === "table")) {
      const renamed = panel.transformations?.flatMap(({ options }) =>
        Object.values(options.renameByName ?? {})
      );
      for (const { matcher } of panel.fieldConfig?.overrides ?? []) {
        assert(renamed?.includes(matcher.options), `${panel.title}: ${matcher.options}`);
      }
    }
  },
};

for (const path of DASHBOARD_PATHS) {
  for (const [rule, check] of Object.entries(RULES)) {
    Deno.test(`${path}: ${rule}`, async () => check(await readDashboard(path)));
  }
}

Deno.test("the dashboards have uids of their own, and not that of the original's dashboard", async () => {
  const uids = (await Promise.all(DASHBOARD_PATHS.map(readDashboard))).map(({ uid }) => uid);
  assertEquals(new Set([...uids, UID_OF_THE_ORIGINAL]).size, uids.length + 1);
});

for (const [path, content] of Object.entries(FILES)) {
  Deno.test(`golden: ${path} is what tools/dashboards makes`, async () => {
    if (Deno.env.get("UPDATE_GOLDEN") === "1") await Deno.writeTextFile(path, content);
    assertEquals(await Deno.readTextFile(path), content);
  });
}
