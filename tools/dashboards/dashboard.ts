import { SESSION_METRICS } from "../../lib/metrics/catalog.ts";
import { VARIABLES } from "./expressions.ts";
import { DATASOURCE, type Panel } from "./panel.ts";

/** Panels side by side, 24 columns in all, under a heading where there is one. */
export interface Row {
  readonly heading?: string;
  readonly height: number;
  readonly panels: readonly Panel[];
}

/** What tells one dashboard from another. */
export interface DashboardWords {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
}

const COLUMNS = 24;

/** The panels with their ids and places: rows below each other, a row's panels equally wide. */
function placed(rows: readonly Row[]): readonly unknown[] {
  let y = 0;
  let id = 0;
  return rows.flatMap(({ heading, height, panels }) => {
    const title = heading === undefined ? [] : [{
      type: "row",
      id: ++id,
      title: heading,
      collapsed: false,
      gridPos: { x: 0, y: y++, w: COLUMNS, h: 1 },
      panels: [],
    }];
    const w = COLUMNS / panels.length;
    const row = panels.map((panel, i) => ({
      id: ++id,
      ...panel,
      gridPos: { x: i * w, y, w, h: height },
    }));
    y += height;
    return [...title, ...row];
  });
}

function variable(name: "job" | "instance", label: string): unknown {
  return {
    type: "query",
    name,
    label,
    datasource: DATASOURCE,
    definition: VARIABLES[name],
    query: { query: VARIABLES[name], refId: name },
    multi: true,
    includeAll: true,
    allValue: ".+",
    current: { selected: true, text: ["All"], value: ["$__all"] },
    refresh: 2,
    sort: 1,
  };
}

const BOOTS = {
  name: "Boots",
  enable: true,
  iconColor: "orange",
  datasource: DATASOURCE,
  expr: `${SESSION_METRICS.bootTime.name}{job=~"$job",instance=~"$instance"} * 1000`,
  step: "60s",
  useValueForTime: true,
  titleFormat: "boot",
  textFormat: "{{instance}}",
};

/** The tag by which the dashboards link to each other. */
const TAG = "unix-user-exporter";

/** A dashboard in Grafana's classic schema. */
export function dashboard(words: DashboardWords, rows: readonly Row[]): unknown {
  return {
    id: null,
    ...words,
    tags: [TAG],
    schemaVersion: 39,
    version: 1,
    editable: false,
    graphTooltip: 1,
    refresh: "30s",
    time: { from: "now-24h", to: "now" },
    timezone: "browser",
    annotations: { list: [BOOTS] },
    links: [{
      type: "dashboards",
      title: "Unix users",
      tags: [TAG],
      asDropdown: false,
      keepTime: true,
      includeVars: true,
    }],
    templating: {
      list: [
        {
          type: "datasource",
          name: "datasource",
          label: "Data source",
          query: "prometheus",
          current: {},
        },
        variable("job", "Job"),
        variable("instance", "Instance"),
      ],
    },
    panels: placed(rows),
  };
}
