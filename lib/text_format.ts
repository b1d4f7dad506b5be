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

/**
 * The families as lines, without what ends an exposition. Families without series are left out. The
 * formats differ in two things: OpenMetrics names a counter without `_total` in its head, and escapes
 * double quotes in the help.
 */
export function renderFamilies(families: readonly Family[], format: Format): string {
  let text = "";
  for (const { metric: { name, type, help }, series } of families) {
    if (series.size === 0) continue;
    const isOpen = format === "openmetrics";
    const head = isOpen && type === "counter" ? name.replace(/_total$/, "") : name;
    text += `# HELP ${head} ${isOpen ? escapeQuoted(help) : escapeHelp(help)}\n`;
    text += `# TYPE ${head} ${type}\n`;
    for (const [labels, value] of series) {
      text += labels === "" ? `${name} ${value}\n` : `${name}{${labels}} ${value}\n`;
    }
  }
  return text;
}

function escapeHelp(help: string): string {
  return help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
