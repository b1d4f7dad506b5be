import type { Metric } from "./catalog.ts";
import { escapeQuoted, type Family } from "./family.ts";

/** How an exposition is written. */
export type Format = "text" | "openmetrics";

/**
 * The media types of the formats, as Prometheus asks for them: a scrape with another one, or none, fails.
 *
 * Source: the exposition formats of Prometheus; OpenMetrics 1.0.0.
 */
export const MEDIA_TYPES: Readonly<Record<Format, string>> = {
  text: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
};

/** What ends an exposition. */
export const ENDINGS: Readonly<Record<Format, string>> = { text: "", openmetrics: "# EOF\n" };

/** The heads that were written, by format and metric: a metric has the same one in each exposition. */
const HEADS: Readonly<Record<Format, Map<Metric, string>>> = {
  text: new Map(),
  openmetrics: new Map(),
};

/** About how much text is put together at a time, in UTF-16 code units. */
const CHUNK_SIZE = 16 * 1024;

/** The families as lines, without what ends an exposition, as one text; see {@link renderInChunks}. */
export function renderFamilies(families: readonly Family[], format: Format): string {
  return [...renderInChunks(families, format)].join("");
}

/**
 * The families as lines, without what ends an exposition. Families without series are left out. The
 * formats differ in two things: OpenMetrics names a counter without `_total` in its head, and escapes
 * double quotes in the help. Chunks that are used one after the other never stand in memory together.
 */
export function* renderInChunks(
  families: readonly Family[],
  format: Format,
): Generator<string, void> {
  let text = "";
  for (const { metric, series } of families) {
    if (series.size === 0) continue;
    const { name } = metric;
    text += headOf(metric, format);
    for (const [labels, value] of series) {
      text += labels === "" ? `${name} ${value}\n` : `${name}{${labels}} ${value}\n`;
      if (text.length < CHUNK_SIZE) continue;
      yield text;
      text = "";
    }
  }
  yield text;
}

function headOf(metric: Metric, format: Format): string {
  const known = HEADS[format].get(metric);
  if (known !== undefined) return known;
  const { name, type, help } = metric;
  const isOpen = format === "openmetrics";
  const title = isOpen && type === "counter" ? name.replace(/_total$/, "") : name;
  const head = `# HELP ${title} ${isOpen ? escapeQuoted(help) : escapeHelp(help)}\n` +
    `# TYPE ${title} ${type}\n`;
  HEADS[format].set(metric, head);
  return head;
}

function escapeHelp(help: string): string {
  return help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
