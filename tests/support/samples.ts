import { SESSION_METRICS } from "../../lib/metrics/catalog.ts";

/** The names of the metrics that must be absent while no source can be read. */
export const SESSION_METRIC_NAMES: readonly string[] = Object.values(SESSION_METRICS).map(
  ({ name }) => name,
);

/** Every sample of an exposition as its line, in order. */
export function samplesOf(exposition: string): readonly string[] {
  return exposition.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

/** The samples of the metrics named, sorted: an exposition promises no order. */
export function seriesOf(exposition: string, ...names: readonly string[]): readonly string[] {
  return samplesOf(exposition).filter((line) => names.includes(nameOf(line))).sort();
}

/** The names of all metrics of an exposition that have samples, in order. */
export function metricNamesOf(exposition: string): readonly string[] {
  return [...new Set(samplesOf(exposition).map(nameOf))];
}

/** The sessions of an exposition in words, sorted: user, origin and terminal. */
export function sessionsOf(exposition: string): readonly string[] {
  return seriesOf(exposition, SESSION_METRICS.sessionInfo.name).map((line) =>
    [...line.matchAll(/(?:username|from|tty)="(.*?)"/g)].map(([, value]) => value).join(" ")
  ).sort();
}

/** The value of the only sample of a metric, whatever its labels. NaN when it has none or several. */
export function valueOf(exposition: string, name: string): number {
  const [sample, ...others] = seriesOf(exposition, name);
  if (sample === undefined || others.length > 0) return NaN;
  return Number(sample.slice(sample.lastIndexOf(" ") + 1));
}

function nameOf(sample: string): string {
  return /^\w+/.exec(sample)?.[0] ?? sample;
}
