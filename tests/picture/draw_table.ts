import { type Html, html } from "../../lib/web/html.ts";
import type { Series } from "../e2e/prometheus.ts";
import type { Panel } from "../house/dashboard_schema.ts";
import { format } from "./format.ts";

/** As many rows as the panel of the picture has room for; Grafana scrolls. */
const ROWS = 40;

type Row = Readonly<Record<string, string | number>>;

/** The rows of all queries, merged where the columns that they share are equal, as Grafana merges them. */
function merged(results: ReadonlyMap<string, readonly Series[]>): readonly Row[] {
  const rows: Record<string, string | number>[] = [];
  for (const [refId, series] of results) {
    const column = results.size > 1 ? `Value #${refId}` : "Value";
    for (const { labels, value } of series) {
      const { __name__: _, ...shown } = labels;
      const row = rows.find((other) =>
        !(column in other) &&
        Object.entries(shown).every(([name, text]) => !(name in other) || other[name] === text)
      );
      if (row === undefined) rows.push({ ...shown, [column]: value });
      else Object.assign(row, shown, { [column]: value });
    }
  }
  return rows;
}

/** A table panel, with its columns as the panel names, orders and formats them. */
export function drawTable(
  panel: Panel,
  results: ReadonlyMap<string, readonly Series[]>,
  { now }: { readonly now: number },
): Html {
  const [, organize] = panel.transformations ?? [];
  const names = Object.entries(organize?.options.renameByName ?? {});
  const all = merged(results);
  const columns = names.filter(([field]) => all.some((row) => field in row));
  const [sortBy] = panel.options?.sortBy ?? [];
  const sortField = names.find(([, heading]) => heading === sortBy?.displayName)?.[0] ?? "";
  const sorted = [...all].sort((a, b) => Number(b[sortField] ?? 0) - Number(a[sortField] ?? 0));
  const cell = (row: Row, [field, heading]: readonly [string, string]): Html => {
    const value = row[field] ?? "";
    if (typeof value === "string") return html`<td>${value}</td>`;
    const properties = panel.fieldConfig?.overrides
      .find(({ matcher }) => matcher.options === heading)?.properties ?? [];
    const mapping = mappedTo(properties.find(({ id }) => id === "mappings")?.value, value);
    if (mapping !== null) return html`<td style="color:${mapping.color}">${mapping.text}</td>`;
    const unit = properties.find(({ id }) => id === "unit")?.value;
    return html`<td>${format(value, { unit: typeof unit === "string" ? unit : "none", now })}</td>`;
  };
  return html`<table>
<tr>${columns.map(([, heading]) => html`<th>${heading}</th>`)}</tr>
${sorted.slice(0, ROWS).map((row) => html`<tr>${columns.map((column) => cell(row, column))}</tr>`)}
</table>`;
}

/** A colour for each name that Grafana knows and the dashboards use. */
export const COLORS: Readonly<Record<string, string>> = { green: "#73BF69", red: "#F2495C" };

/** The words and the colour that a panel gives to a value. */
export function mappedTo(
  mappings: unknown,
  value: number,
): { readonly text: string; readonly color: string } | null {
  if (!Array.isArray(mappings)) return null;
  for (const { options } of mappings) {
    const found = options?.[String(value)];
    if (found !== undefined) return { text: found.text, color: COLORS[found.color] ?? "#ccccdc" };
  }
  return null;
}
