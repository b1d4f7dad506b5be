import { CATALOG } from "../../lib/metrics/catalog.ts";
import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { type Dashboard, DASHBOARDS, expressionsOf, shownPanels } from "../support/dashboards.ts";
import { selectorsOf } from "../support/promql.ts";

/** The dashboard of the original has this one; both are there after an import. */
const UID_OF_THE_ORIGINAL = "unix-users";

/** The units of Grafana that are used. */
const UNITS = ["none", "s", "cps", "bytes", "percentunit", "dateTimeFromNow", "dtdurations"];

const DATASOURCE = "${datasource}";

/** The functions for counters, with their ranges. */
const INTERVALS: ReadonlyMap<string, string> = new Map([
  ["rate", "$__rate_interval"],
  ["increase", "$__range"],
]);

/** The rules of grafana/dashboard-linter by their names, and some that it does not have. */
const RULES: Readonly<Record<string, (dashboard: Dashboard) => void>> = {
  "template-*-rule": ({ templating: { list } }) => {
    const query = { type: "query", datasource: DATASOURCE, multi: true, allValue: ".+" };
    assertEquals(
      list.map(({ type, name, label, datasource, multi, allValue, refresh }) =>
        type === "query"
          ? { type, name, label, datasource: datasource?.uid, multi, allValue, refresh }
          : { type, name, label }
      ),
      [
        { type: "datasource", name: "datasource", label: "Data source" },
        { ...query, name: "job", label: "Job", refresh: 2 },
        { ...query, name: "instance", label: "Instance", refresh: 2 },
      ],
    );
    for (const { query } of list) {
      if (typeof query === "string") assertEquals(query, "prometheus");
      else assertMatch(query.query, /^label_values\(unix_user_exporter_build_info\b.*, \w+\)$/);
    }
  },
  "panel-datasource-rule": (dashboard) => {
    const panels = shownPanels(dashboard);
    const users = [...panels, ...panels.flatMap(({ targets = [] }) => targets)];
    for (const { datasource } of [...users, ...dashboard.annotations.list]) {
      assertEquals(datasource?.uid, DATASOURCE);
    }
  },
  "panel-title-description-rule, panel-units-rule, panel-no-targets-rule": (dashboard) => {
    for (const { title, description = "", fieldConfig, targets = [] } of shownPanels(dashboard)) {
      assertMatch(title, /./);
      assertMatch(description, /^[A-Z].*\.$/, title);
      assert(UNITS.includes(fieldConfig?.defaults.unit ?? ""), title);
      const ids = targets.map(({ refId }) => refId);
      assert(ids.length > 0 && new Set(ids).size === ids.length, title);
    }
  },
  "target-promql-rule, target-job-rule, target-instance-rule": (dashboard) => {
    for (const expr of expressionsOf(dashboard)) {
      const selectors = selectorsOf(expr);
      assert(selectors.length > 0, expr);
      for (const { matchers } of selectors) {
        assertEquals(matchers.slice(0, 2), ['job=~"$job"', 'instance=~"$instance"'], expr);
      }
    }
  },
  "target-rate-interval-rule, target-counter-agg-rule": (dashboard) => {
    // By the type in the catalog: the name of the original's gauge ends in _total too.
    const counters = CATALOG.filter(({ type }) => type === "counter").map(({ name }) => name);
    for (const expr of expressionsOf(dashboard)) {
      for (const { metric, func, range } of selectorsOf(expr)) {
        const interval = INTERVALS.get(func ?? "");
        assertEquals(interval !== undefined, counters.includes(metric), expr);
        if (interval !== undefined) assertEquals(range, interval, expr);
        else assert(range !== "$__rate_interval", expr);
      }
    }
  },
  "uneditable-dashboard-rule, title, description, tags, refresh and schema": (dashboard) => {
    const { id, title, description, tags, refresh, schemaVersion, editable } = dashboard;
    assertEquals([id, refresh, editable], [null, "30s", false]);
    assert(title !== "" && description !== "" && tags.length > 0);
    assert(39 <= schemaVersion && schemaVersion <= 42, `${schemaVersion}`);
  },
  "annotations take their time from the value": ({ annotations }) => {
    assertEquals(annotations.list.map(({ useValueForTime }) => useValueForTime), [true]);
  },
  "panels have unique ids and titles": ({ panels }) => {
    assertEquals(new Set(panels.map(({ id }) => id)).size, panels.length);
    assertEquals(new Set(panels.map(({ title }) => title)).size, panels.length);
  },
  "panels fill the grid of 24 columns and do not overlap": ({ panels }) => {
    const cells = panels.flatMap(({ title, gridPos: { x, y, w, h } }) => {
      assert(w > 0 && h > 0 && x >= 0 && x + w <= 24, title);
      return Array.from({ length: w * h }, (_, i) => `${x + i % w},${y + Math.floor(i / w)}`);
    });
    assertEquals(new Set(cells).size, cells.length);
    assertEquals(cells.length, 24 * Math.max(...panels.map(({ gridPos: { y, h } }) => y + h)));
  },
  "columns that are formatted exist": (dashboard) => {
    for (const panel of shownPanels(dashboard).filter(({ type }) => type === "table")) {
      const columns = panel.transformations?.flatMap(({ options }) =>
        Object.values(options.renameByName ?? {})
      );
      for (const { matcher } of panel.fieldConfig?.overrides ?? []) {
        assert(columns?.includes(matcher.options), `${panel.title}: ${matcher.options}`);
      }
    }
  },
};

for (const [path, dashboard] of Object.entries(DASHBOARDS)) {
  for (const [rule, check] of Object.entries(RULES)) {
    Deno.test(`${path}: ${rule}`, () => check(dashboard));
  }
}

Deno.test("the uids differ from each other and from that of the original's dashboard", () => {
  const uids = [UID_OF_THE_ORIGINAL, ...Object.values(DASHBOARDS).map(({ uid }) => uid)];
  assertEquals(new Set(uids).size, uids.length);
});

Deno.test("the ConfigMap for Kubernetes has every dashboard", async () => {
  const text = await Deno.readTextFile("dashboards/kustomization.yaml");
  for (const path of Object.keys(DASHBOARDS)) {
    assert(text.includes(`- ${path.replace("dashboards/", "")}\n`), path);
  }
});
