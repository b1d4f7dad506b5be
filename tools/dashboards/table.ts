import { DATASOURCE, type Panel, type Queries, targets, type Words } from "./panel.ts";

/** A column of a {@link table}: the label or query that fills it, its heading and its unit. */
export interface Column {
  /** A label, or a refId: the value of that query. */
  readonly field: string;
  readonly heading: string;
  readonly unit?: string;
  readonly mappings?: readonly unknown[];
  readonly width?: number;
  /** Where a click on a cell leads. */
  readonly link?: { readonly title: string; readonly url: string };
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
      overrides: columns.map(({ heading, unit, mappings, width, link }) => ({
        matcher: { id: "byName" as const, options: heading },
        properties: [
          ...(unit === undefined ? [] : [{ id: "unit", value: unit }]),
          ...(mappings === undefined ? [] : [{ id: "mappings", value: mappings }]),
          ...(width === undefined ? [] : [{ id: "custom.width", value: width }]),
          ...(link === undefined ? [] : [{ id: "links", value: [link] }]),
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
