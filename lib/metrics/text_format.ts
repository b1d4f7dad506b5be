import type { Metric } from "./catalog.ts";
import { escapeQuoted, type MetricFamily } from "./metric_family.ts";

/** The format of an exposition. */
export type Format = "text" | "openmetrics";

/**
 * The media types of the formats, as Prometheus expects them: with another one, or none, the scrape fails.
 * Source: the exposition formats of Prometheus; OpenMetrics 1.0.0.
 */
export const MEDIA_TYPES: Readonly<Record<Format, string>> = {
  text: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
};

/** The end of an exposition. */
export const ENDINGS: Readonly<Record<Format, string>> = { text: "", openmetrics: "# EOF\n" };

/** The HELP and TYPE lines, cached by format and metric, because they never change. */
const HEADS: Readonly<Record<Format, Map<Metric, string>>> = {
  text: new Map(),
  openmetrics: new Map(),
};

/** Lines are joined up to about this many characters. Longer strings cost more garbage collection. */
const CHUNK = 2 ** 13;

/** The approximate size of the parts of an encoded exposition, in bytes. */
const PART = 2 ** 20;

const ENCODER = new TextEncoder();

/**
 * The families as lines, without the end of the exposition. Families without samples are omitted. The formats
 * differ in two points: OpenMetrics omits `_total` from the name of a counter in HELP and TYPE, and escapes
 * double quotes in HELP.
 */
export function renderFamilies(families: readonly MetricFamily[], format: Format): string {
  return [...renderedChunks(families, format)].join("");
}

/** The text of {@link renderFamilies} in chunks, created on demand. A family starts with its first sample. */
export function* renderedChunks(
  families: readonly MetricFamily[],
  format: Format,
): Generator<string> {
  let text = "";
  for (const { metric, series } of families) {
    const { name } = metric;
    let isFirst = true;
    for (const [labels, value] of series) {
      if (isFirst) text += headOf(metric, format);
      isFirst = false;
      text += labels === "" ? `${name} ${value}\n` : `${name}{${labels}} ${value}\n`;
      if (text.length < CHUNK) continue;
      yield text;
      text = "";
    }
  }
  yield text;
}

/** Text as UTF-8 in few parts, in small steps between which other work can run. */
export function* encodedParts(
  texts: Iterable<string>,
): Generator<Uint8Array<ArrayBuffer> | undefined> {
  let part = new Uint8Array(PART);
  let used = 0;
  for (const text of texts) {
    if (part.length - used < 3 * text.length) {
      yield part.subarray(0, used);
      part = new Uint8Array(Math.max(PART, 3 * text.length));
      used = 0;
    }
    used += ENCODER.encodeInto(text, part.subarray(used)).written;
    yield;
  }
  yield part.slice(0, used);
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
