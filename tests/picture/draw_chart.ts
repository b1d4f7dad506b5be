import { init } from "echarts";
import { type Html, html } from "../../lib/web/html.ts";
import type { Line } from "../e2e/prometheus.ts";
import { format } from "./format.ts";

/** The colours of series, in order: Grafana's classic palette. */
export const PALETTE: readonly string[] = [
  "#73BF69",
  "#F2CC0C",
  "#8AB8FF",
  "#FF780A",
  "#F2495C",
  "#5794F2",
  "#B877D9",
  "#705DA0",
  "#37872D",
  "#FADE2A",
];

/** A line of a chart with its name in the legend. */
export interface NamedLine {
  readonly name: string;
  readonly points: Line["points"];
  readonly isNegative: boolean;
}

/** How a chart looks. */
export interface ChartOptions {
  readonly width: number;
  readonly height: number;
  readonly unit: string;
  readonly isBars: boolean;
  readonly isStacked: boolean;
  /** In seconds since the epoch. */
  readonly start: number;
  readonly end: number;
  readonly step: number;
  /** Times of annotations, in milliseconds. */
  readonly marks: readonly number[];
}

/** A time series panel as SVG. A point that is not there is a gap. */
export function chart(lines: readonly NamedLine[], options: ChartOptions): Html {
  if (lines.length === 0) return html`<div class="empty">No data</div>`;
  const { width, height, unit, isBars, isStacked, start, end, step } = options;
  const drawing = init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    drawing.setOption({
      animation: false,
      color: [...PALETTE],
      textStyle: { fontFamily: "Inter, Helvetica, Arial, sans-serif" },
      grid: {
        left: 8,
        right: 12,
        top: 10,
        bottom: 30,
        containLabel: true,
      },
      legend: {
        type: "scroll",
        left: 4,
        itemGap: 26,
        bottom: 2,
        itemWidth: 14,
        itemHeight: 4,
        icon: "roundRect",
        pageIconSize: 9,
        pageTextStyle: { color: "#9fa7b3" },
        textStyle: { color: "#ccccdc", fontSize: 11 },
      },
      xAxis: {
        type: "time",
        min: start * 1000,
        max: end * 1000,
        splitNumber: Math.max(2, Math.floor(width / 110)),
        axisLabel: { color: "#9fa7b3", fontSize: 10, hideOverlap: true, formatter: "{HH}:{mm}" },
        axisLine: { lineStyle: { color: "#3a3d43" } },
        splitLine: { show: true, lineStyle: { color: "#24272c" } },
      },
      yAxis: {
        type: "value",
        splitNumber: 4,
        ...(unit === "none" ? { minInterval: 1 } : {}),
        axisLabel: {
          color: "#9fa7b3",
          fontSize: 10,
          formatter: (value: number) => format(value, { unit, now: end }),
        },
        splitLine: { lineStyle: { color: "#24272c" } },
      },
      series: lines.map(({ name, points, isNegative }, i) => ({
        name,
        type: isBars ? "bar" : "line",
        data: regular(points, { start, end, step, sign: isNegative ? -1 : 1 }),
        ...(isStacked || isBars ? { stack: "all" } : {}),
        ...(isBars
          ? { barWidth: "70%" }
          : { step: "end", showSymbol: false, lineStyle: { width: 1.3 } }),
        ...(isBars ? {} : { areaStyle: { opacity: isStacked ? 0.4 : 0.1 } }),
        ...(i > 0 ? {} : { markLine: marksOf(options) }),
      })),
    });
    return { html: drawing.renderToSVGString() };
  } finally {
    drawing.dispose();
  }
}

function marksOf({ marks }: ChartOptions): unknown {
  return {
    symbol: ["none", "triangle"],
    symbolSize: 7,
    silent: true,
    label: { show: false },
    lineStyle: { color: "#ff9830", type: "dashed", width: 1 },
    data: marks.map((time) => ({ xAxis: time })),
  };
}

/** A point for each step, null where there is none. */
function regular(
  points: Line["points"],
  { start, end, step, sign }: {
    readonly start: number;
    readonly end: number;
    readonly step: number;
    readonly sign: number;
  },
): readonly (readonly [number, number | null])[] {
  const values = new Map(points);
  const count = Math.floor((end - start) / step) + 1;
  return Array.from({ length: count }, (_, i) => {
    const time = start + i * step;
    const value = values.get(time) ?? null;
    return [time * 1000, value === null ? null : sign * value] as const;
  });
}
