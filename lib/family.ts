import type { Metric } from "./catalog.ts";

/**
 * The series of a metric: the labels as they stand between the braces of an exposition, and the value. As
 * the labels are the key, no series can stand twice and none can hide another.
 */
export type Series = ReadonlyMap<string, number>;

/** A metric with its series: one block of an exposition. */
export interface Family {
  readonly metric: Metric;
  readonly series: Series;
}

const NEEDS_ESCAPE = /[\\"\n]/;

/** Text between double quotes, as both formats of Prometheus escape it. */
export function escapeQuoted(text: string): string {
  if (!NEEDS_ESCAPE.test(text)) return text;
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}

/** A label as it stands between the braces. */
export function labelPair(name: string, value: string): string {
  return `${name}="${escapeQuoted(value)}"`;
}

/** A family with one series for each set of label values. */
export function familyOf<Label extends string>(
  metric: Metric<Label>,
  samples: Iterable<readonly [Readonly<Record<Label, string>>, number]>,
): Family {
  const series = new Map<string, number>();
  for (const [values, value] of samples) {
    series.set(metric.labels.map((label) => labelPair(label, values[label])).join(","), value);
  }
  return { metric, series };
}

/** A family of one series without labels; of none where the value is not known. */
export function familyOfOne(metric: Metric<never>, value: number | null): Family {
  return { metric, series: new Map(value === null ? [] : [["", value]]) };
}
