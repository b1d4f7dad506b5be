import { type Html, html } from "../../lib/web/html.ts";
import type { Panel } from "../house/dashboard_schema.ts";
import { COLORS, mappedTo } from "./draw_table.ts";
import { format } from "./format.ts";
import type { NamedLine } from "./draw_chart.ts";

/** A value with its name in the legend. */
export interface NamedValue {
  readonly name: string;
  readonly value: number;
}

/** A stat panel: one number, or that it is unknown. */
export function drawStat(
  { fieldConfig }: Panel,
  values: readonly NamedValue[],
  { now, width }: { readonly now: number; readonly width: number },
): Html {
  const [first] = values;
  const { unit = "none", mappings, thresholds } = fieldConfig?.defaults ?? {};
  if (first === undefined) return html`<div class="stat">unknown</div>`;
  const mapped = mappedTo(mappings, first.value);
  const step = thresholds?.steps.findLast(({ value }) => value === null || value <= first.value);
  const color = mapped?.color ?? COLORS[step?.color ?? ""] ?? "#ccccdc";
  const text = mapped?.text ?? format(first.value, { unit, now });
  const size = Math.min(44, 1.5 * width / text.length);
  return html`<div class="stat" style="color:${color};font-size:${size}px">${text}</div>`;
}

/** A bar gauge panel: a horizontal bar for each value, the largest first. */
export function drawBars(
  { fieldConfig }: Panel,
  values: readonly NamedValue[],
  { now }: { readonly now: number },
): Html {
  const unit = fieldConfig?.defaults.unit ?? "none";
  const sorted = [...values].sort((a, b) => b.value - a.value);
  const most = Math.max(...sorted.map(({ value }) => value), 1);
  return html`<div class="bars">${
    sorted.map(({ name, value }) =>
      html`<span>${name}</span><i><b style="width:${100 * value / most}%;background:${`hsl(${
        260 - 60 * (1 - value / most)
      } 60% 62%)`}"></b></i><em>${format(value, { unit, now })}</em>`
    )
  }</div>`;
}

/** A state timeline panel: a row for each series, a piece for each time that a state lasted. */
export function drawStates(
  { fieldConfig }: Panel,
  lines: readonly NamedLine[],
  { start, end, step }: { readonly start: number; readonly end: number; readonly step: number },
): Html {
  const width = (seconds: number): string => `${100 * seconds / (end - start + step)}%`;
  return html`<div class="states">${
    lines.map(({ name, points }) =>
      html`<span>${name}</span><i>${
        pieces(points, step).map(({ from, to, value }) =>
          html`<b style="left:${width(from - start)};width:${width(to - from)};background:${
            mappedTo(fieldConfig?.defaults.mappings, value)?.color ?? "#444"
          }"></b>`
        )
      }</i>`
    )
  }</div>`;
}

interface Piece {
  readonly from: number;
  readonly to: number;
  readonly value: number;
}

/** Points of the same value that follow each other, as one. */
function pieces(points: NamedLine["points"], step: number): readonly Piece[] {
  return points.reduce<readonly Piece[]>((found, [time, value]) => {
    const last = found.at(-1);
    return last?.to === time && last.value === value
      ? [...found.slice(0, -1), { ...last, to: time + step }]
      : [...found, { from: time, to: time + step, value }];
  }, []);
}
