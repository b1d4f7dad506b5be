import { fill } from "../../tools/dashboards/fill.ts";
import type { Prometheus, Range, Series } from "../e2e/prometheus.ts";
import type { Dashboard, Panel } from "../house/dashboard_schema.ts";
import type { NamedLine } from "./draw_chart.ts";
import type { NamedValue } from "./draw_values.ts";

/** The width of a column of the grid, about, in pixels. */
const PIXELS = 60;

/** When the picture is taken and how long it looks back, in seconds, and how often it is scraped. */
export interface Moment {
  readonly now: number;
  readonly span: number;
  readonly scrapeInterval: number;
  /** The only instance that is chosen; all unless told. */
  readonly instance?: string;
  /** The heading of the row before which the picture ends; it has all rows unless told. */
  readonly upTo?: string;
}

/** As many points as a panel has pixels, but for one that says how many. */
function stepOf({ maxDataPoints, gridPos }: Panel, { span, scrapeInterval }: Moment): number {
  const points = maxDataPoints ?? gridPos.w * PIXELS;
  const steps = [60, 120, 300, 600, 900, 1_200, 1_800, 3_600];
  return steps.find((step) => step >= scrapeInterval && step >= span / points) ?? 3_600;
}

function named(legend: string, labels: Series["labels"]): string {
  return legend.replaceAll(/\{\{(\w+)\}\}/g, (_, label) => labels[label] ?? "").trim();
}

/** The times of the boots that the annotations show, in milliseconds. */
export async function boots(
  { annotations }: Dashboard,
  prometheus: Prometheus,
  { now, span, instance = ".+" }: Moment,
): Promise<readonly number[]> {
  const [first] = annotations.list;
  const filling = { interval: 60, rateInterval: 240, range: span, instance };
  const found = await prometheus.query(fill(first?.expr ?? "", filling), now);
  return found.map(({ value }) => value).filter((time) => time / 1000 > now - span);
}

/** What the queries of a panel answer: series now by refId, or lines over time. */
export interface Asked {
  readonly results: ReadonlyMap<string, readonly Series[]>;
  readonly values: readonly NamedValue[];
  readonly lines: readonly NamedLine[];
  readonly range: Range;
}

/** Asks Prometheus what Grafana would ask for a panel. */
export async function ask(panel: Panel, prometheus: Prometheus, moment: Moment): Promise<Asked> {
  const { now, span, scrapeInterval, instance = ".+" } = moment;
  const step = stepOf(panel, moment);
  const end = now - now % step;
  const range = { start: end - span + step, end, step };
  const filling = {
    interval: step,
    rateInterval: Math.max(step + scrapeInterval, 4 * scrapeInterval),
    range: span,
    instance,
  };
  const results = new Map<string, readonly Series[]>();
  const values: NamedValue[] = [];
  const lines: NamedLine[] = [];
  for (const { refId, expr, legendFormat, instant } of panel.targets ?? []) {
    const filled = fill(expr, filling);
    if (instant) {
      const found = await prometheus.query(filled, now);
      results.set(refId, found);
      values.push(
        ...found.map(({ labels, value }) => ({ name: named(legendFormat, labels), value })),
      );
    } else {
      const isNegative = panel.fieldConfig?.overrides.some(({ matcher, properties }) =>
        matcher.options === legendFormat && properties.some(({ value }) =>
          value === "negative-Y"
        )
      ) ?? false;
      const found = (await prometheus.queryRange(filled, range)).map(({ labels, points }) => ({
        name: named(legendFormat, labels),
        points,
        isNegative,
      }));
      lines.push(...found.sort((a, b) => a.name < b.name ? -1 : 1));
    }
  }
  return { results, values, lines, range };
}
