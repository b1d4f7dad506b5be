import { type Html, html } from "../../lib/web/html.ts";
import type { Prometheus } from "../e2e/prometheus.ts";
import type { Dashboard, Panel } from "../house/dashboard_schema.ts";
import { ask, type Asked, boots, type Moment } from "./ask.ts";
import { chart } from "./draw_chart.ts";
import { drawTable } from "./draw_table.ts";
import { drawBars, drawStat, drawStates } from "./draw_values.ts";

/** The size of the picture and of the cells of its grid, in pixels, as Grafana has them. */
export const WIDTH = 1440;
const CELL = 38;
const GAP = 8;
const HEADING = 32;
const TOP = 56;

/** A dashboard as a page: its panels in their places, with what the queries answer. */
export async function pageOf(
  dashboard: Dashboard,
  prometheus: Prometheus,
  moment: Moment,
): Promise<{ readonly page: string; readonly height: number }> {
  const last = dashboard.panels.find(({ title }) => title === moment.upTo);
  const panels = dashboard.panels.filter(({ gridPos: { y } }) => y < (last?.gridPos.y ?? Infinity));
  const marks = await boots(dashboard, prometheus, moment);
  const drawn: Html[] = [];
  for (const panel of panels) {
    const { x, y, w, h } = panel.gridPos;
    const place = `left:${GAP + x * (WIDTH - GAP) / 24}px;top:${TOP + y * CELL}px;width:${
      w * (WIDTH - GAP) / 24 - GAP
    }px;height:${h * CELL - GAP}px`;
    if (panel.type === "row") {
      drawn.push(html`<h2 style="${place}">⌄ ${panel.title}</h2>`);
    } else {
      const body = bodyOf(panel, await ask(panel, prometheus, moment), { moment, marks });
      drawn.push(html`<section style="${place}"><h3>${panel.title}</h3>${body}</section>`);
    }
  }
  const chosen: Readonly<Record<string, string>> = {
    datasource: "Prometheus",
    job: "All",
    instance: moment.instance ?? "All",
  };
  const height = TOP + GAP + CELL * Math.max(...panels.map(({ gridPos: { y, h } }) => y + h));
  const { html: page } = html`
    <!DOCTYPE html>
    <html>
      <head>
        <meta charset="utf-8">
        <style>${{
          html: STYLE,
        }}</style>
      </head>
      <body><header><b>${dashboard.title}</b>${dashboard.templating.list.map(({ label, name }) =>
        html`<span>${label} <u>${chosen[name] ?? ""}</u></span>`
      )}<em>Last 24 hours</em></header>${drawn}</body>
    </html>
  `;
  return { page, height };
}

function bodyOf(
  panel: Panel,
  { results, values, lines, range }: Asked,
  { moment: { now }, marks }: { readonly moment: Moment; readonly marks: readonly number[] },
): Html {
  const { gridPos, fieldConfig } = panel;
  const width = gridPos.w * (WIDTH - GAP) / 24 - GAP - 4;
  switch (panel.type) {
    case "stat":
      return drawStat(panel, values, { now, width });
    case "bargauge":
      return drawBars(panel, values, { now });
    case "table":
      return drawTable(panel, results, { now });
    case "state-timeline":
      return drawStates(panel, lines, range);
    case "timeseries":
      return chart(lines, {
        width,
        height: gridPos.h * CELL - GAP - HEADING - 4,
        unit: fieldConfig?.defaults.unit ?? "none",
        isBars: fieldConfig?.defaults.custom?.drawStyle === "bars",
        isStacked: fieldConfig?.defaults.custom?.stacking.mode === "normal",
        marks,
        ...range,
      });
    default:
      throw new Error(`Nothing draws a panel of type ${panel.type}`);
  }
}

const STYLE = `
* { box-sizing: border-box; margin: 0 }
body { background: #111217; color: #ccccdc; font: 12px Inter, Helvetica, Arial, sans-serif; position: relative }
header { height: 48px; padding: 14px 12px; border-bottom: 1px solid #24272c; display: flex; gap: 18px }
header b { font-size: 15px; font-weight: 500 } header u { text-decoration: none; background: #181b1f; border: 1px solid #2e3036; padding: 3px 10px; margin-left: 4px }
header em { margin-left: auto; font-style: normal }
h2 { position: absolute; font-size: 14px; font-weight: 500; padding: 6px 4px }
section { position: absolute; background: #181b1f; border: 1px solid #25282d; border-radius: 3px; overflow: hidden }
h3 { font-size: 13px; font-weight: 500; padding: 8px 8px 0; height: ${HEADING}px }
.stat { text-align: center; font-weight: 500; line-height: 80px; white-space: nowrap }
.empty { text-align: center; padding: 70px 0; color: #9fa7b3 }
.bars, .states { display: grid; gap: 5px 8px; padding: 2px 10px; align-items: center }
.bars { grid-template-columns: auto 1fr auto } .states { grid-template-columns: auto 1fr; gap: 12px 10px }
.bars span, .bars em, .states span { white-space: nowrap; font-style: normal; font-size: 11px }
.bars i { background: #22252b; height: 17px } .bars b { display: block; height: 100% }
.states i { position: relative; height: 38px; background: #22252b; overflow: hidden } .states b { position: absolute; height: 100%; opacity: .75 }
table { width: 100%; border-collapse: collapse } th { text-align: left; color: #6e9fff; font-weight: 500 }
th, td { padding: 5px 10px; border-bottom: 1px solid #22252b; white-space: nowrap }
`;
