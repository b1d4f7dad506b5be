import {
  DATASOURCE,
  type Panel,
  type Queries,
  REDUCE_LAST,
  targets,
  thresholds,
  type Words,
} from "./panel.ts";

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
