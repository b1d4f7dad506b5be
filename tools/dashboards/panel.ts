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

/** Of a query over time, its last value. */
export const REDUCE_LAST = { calcs: ["lastNotNull"], fields: "", values: false };

/** The queries of a panel, as `A`, `B` and so on. */
export function targets(queries: Queries, kind: "range" | "instant" | "table"): readonly Target[] {
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
