/** The source of every number: the variable of the dashboard. */
export const DATASOURCE = { type: "prometheus", uid: "${datasource}" } as const;

/** A query of a panel. */
export interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat: string;
  readonly instant: boolean;
  readonly range: boolean;
  readonly format: "time_series" | "table";
  readonly datasource: typeof DATASOURCE;
}

/** How a column or a series differs from the rest of its panel. */
export interface Override {
  readonly matcher: { readonly id: "byName"; readonly options: string };
  readonly properties: readonly { readonly id: string; readonly value: unknown }[];
}

/** The kinds of panels that are used. */
export type PanelType = "stat" | "timeseries" | "bargauge" | "table" | "state-timeline";

/** A panel as Grafana has it, but for its id and its place. */
export interface Panel {
  readonly type: PanelType;
  readonly title: string;
  readonly description: string;
  readonly datasource: typeof DATASOURCE;
  readonly targets: readonly Target[];
  readonly interval?: string;
  readonly maxDataPoints?: number;
  readonly fieldConfig: {
    readonly defaults: {
      readonly unit: string;
      readonly min?: number;
      readonly decimals?: number;
      readonly noValue?: string;
      readonly mappings?: readonly unknown[];
      readonly thresholds?: unknown;
      readonly color?: { readonly mode: string };
      readonly custom?: Readonly<Record<string, unknown>>;
    };
    readonly overrides: readonly Override[];
  };
  readonly options: Readonly<Record<string, unknown>>;
  readonly transformations?: readonly unknown[];
}

/** What every panel says of itself. */
export interface Words {
  readonly title: string;
  readonly description: string;
  /** A unit of Grafana. */
  readonly unit: string;
}

/** Queries by their legend, or by the column that they fill. */
export type Queries = Readonly<Record<string, string>>;

const REDUCE_LAST = { calcs: ["lastNotNull"], fields: "", values: false };

function targets(queries: Queries, kind: "range" | "instant" | "table"): readonly Target[] {
  return Object.entries(queries).map(([legendFormat, expr], i) => ({
    refId: String.fromCharCode("A".charCodeAt(0) + i),
    expr,
    legendFormat,
    instant: kind !== "range",
    range: kind === "range",
    format: kind === "table" ? "table" : "time_series",
    datasource: DATASOURCE,
  }));
}

/** Colours from a value on: green below the first. */
export function thresholds(...steps: readonly (readonly [number, string])[]): unknown {
  const colors = steps.map(([value, color]) => ({ value, color }));
  return { mode: "absolute", steps: [{ value: null, color: "green" }, ...colors] };
}

/** Words for the values 0 and 1. */
export function zeroAndOne(zero: string, one: string): readonly unknown[] {
  const options = {
    "0": { text: zero, color: "red", index: 0 },
    "1": { text: one, color: "green", index: 1 },
  };
  return [{ type: "value", options }];
}

/** One number, as it is now. */
export function stat(
  { unit, ...words }: Words,
  expr: string,
  more: Pick<Panel["fieldConfig"]["defaults"], "mappings" | "thresholds"> = {},
): Panel {
  return {
    type: "stat",
    ...words,
    datasource: DATASOURCE,
    targets: targets({ [words.title]: expr }, "instant"),
    fieldConfig: {
      defaults: {
        unit,
        noValue: "unknown",
        color: { mode: "thresholds" },
        thresholds: thresholds(),
        ...more,
      },
      overrides: [],
    },
    options: {
      reduceOptions: REDUCE_LAST,
      colorMode: "value",
      graphMode: "none",
      textMode: "value",
    },
  };
}

/** Lines over time, from 0 on; stacked where the parts make a whole. */
export function lines(
  { unit, ...words }: Words,
  queries: Queries,
  { isStacked = false }: { readonly isStacked?: boolean } = {},
): Panel {
  const custom = {
    drawStyle: "line",
    lineInterpolation: "stepAfter",
    lineWidth: 1,
    fillOpacity: isStacked ? 40 : 10,
    showPoints: "never",
    spanNulls: false,
    stacking: { mode: isStacked ? "normal" : "none", group: "A" },
  };
  return {
    type: "timeseries",
    ...words,
    datasource: DATASOURCE,
    targets: targets(queries, "range"),
    fieldConfig: {
      defaults: { unit, min: 0, color: { mode: "palette-classic" }, custom },
      overrides: [],
    },
    options: {
      legend: { displayMode: "list", placement: "bottom", showLegend: true, calcs: [] },
      tooltip: { mode: "multi", sort: "desc" },
    },
  };
}

/** Events of each interval as bars; those of the second query point down. */
export function events({ unit, ...words }: Words, queries: Queries): Panel {
  const panel = lines({ unit, ...words }, queries);
  const [, down = ""] = Object.keys(queries);
  return {
    ...panel,
    // No shorter than any usual time between scrapes: a session has to be seen in its interval.
    interval: "1m",
    maxDataPoints: 100,
    fieldConfig: {
      defaults: {
        unit,
        color: { mode: "palette-classic" },
        custom: { ...panel.fieldConfig.defaults.custom, drawStyle: "bars", fillOpacity: 80 },
      },
      overrides: [{
        matcher: { id: "byName", options: down },
        properties: [{ id: "custom.transform", value: "negative-Y" }],
      }],
    },
  };
}

/** One horizontal bar for each series, as it is now. */
export function bars({ unit, ...words }: Words, queries: Queries): Panel {
  return {
    type: "bargauge",
    ...words,
    datasource: DATASOURCE,
    targets: targets(queries, "instant"),
    fieldConfig: {
      defaults: { unit, min: 0, color: { mode: "continuous-BlPu" } },
      overrides: [],
    },
    options: {
      orientation: "horizontal",
      displayMode: "basic",
      valueMode: "color",
      showUnfilled: true,
      reduceOptions: REDUCE_LAST,
    },
  };
}

/** A state for each series, over time. */
export function states(
  { unit, ...words }: Words,
  queries: Queries,
  mappings: readonly unknown[],
): Panel {
  return {
    type: "state-timeline",
    ...words,
    datasource: DATASOURCE,
    targets: targets(queries, "range"),
    fieldConfig: {
      defaults: {
        unit,
        mappings,
        color: { mode: "thresholds" },
        thresholds: thresholds(),
        custom: { fillOpacity: 70, lineWidth: 0 },
      },
      overrides: [],
    },
    options: {
      mergeValues: true,
      showValue: "never",
      alignValue: "left",
      rowHeight: 0.8,
      legend: { displayMode: "list", placement: "bottom", showLegend: true },
      tooltip: { mode: "single", sort: "none" },
    },
  };
}

/** A column of a {@link table}: the label or query that fills it, its heading and its unit. */
export interface Column {
  /** A label, or a refId: the value of that query. */
  readonly field: string;
  readonly heading: string;
  readonly unit?: string;
  readonly mappings?: readonly unknown[];
  readonly width?: number;
}

/** A row for each set of labels, with the values of all queries as they are now. */
export function table(
  { unit, ...words }: Words,
  queries: Queries,
  { columns, hidden, sortBy }: {
    readonly columns: readonly Column[];
    /** Labels that are not shown. */
    readonly hidden: readonly string[];
    /** The heading of the column to sort by, the largest first. */
    readonly sortBy: string;
  },
): Panel {
  const all = targets(queries, "table");
  const several = all.length > 1;
  const nameOf = ({ field }: Column): string =>
    !/^[A-Z]$/.test(field) ? field : several ? `Value #${field}` : "Value";
  const excluded = ["Time", "__name__", ...hidden];
  return {
    type: "table",
    ...words,
    datasource: DATASOURCE,
    targets: all,
    fieldConfig: {
      defaults: { unit, custom: { align: "left", filterable: true } },
      overrides: columns.map(({ heading, unit, mappings, width }) => ({
        matcher: { id: "byName" as const, options: heading },
        properties: [
          ...(unit === undefined ? [] : [{ id: "unit", value: unit }]),
          ...(mappings === undefined ? [] : [{ id: "mappings", value: mappings }]),
          ...(width === undefined ? [] : [{ id: "custom.width", value: width }]),
        ],
      })).filter(({ properties }) => properties.length > 0),
    },
    options: { showHeader: true, cellHeight: "sm", sortBy: [{ displayName: sortBy, desc: true }] },
    transformations: [
      { id: "merge", options: {} },
      {
        id: "organize",
        options: {
          excludeByName: Object.fromEntries(excluded.map((name) => [name, true])),
          indexByName: Object.fromEntries(columns.map((column, i) => [nameOf(column), i])),
          renameByName: Object.fromEntries(
            columns.map((column) => [nameOf(column), column.heading]),
          ),
        },
      },
    ],
  };
}
