import type { Metric } from "./catalog.ts";

/** One sample: a value for each label of its metric, and the number. */
export interface Sample<Label extends string> {
  readonly labels: Readonly<Record<Label, string>>;
  readonly value: number;
}

/** What a prom-client Registry asks of a metric. */
export interface MetricObject {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly get: () => {
    readonly name: string;
    readonly help: string;
    readonly type: string;
    readonly values: readonly Sample<string>[];
  };
}

/**
 * A metric for a prom-client Registry that has no store of its own: `samples` is asked at each exposition.
 * The stores of prom-client join label values without escaping, so that a crafted host name could make
 * one session hide another.
 */
export function metricObject<Label extends string>(
  { name, help, type }: Metric<Label>,
  samples: () => readonly Sample<Label>[],
): MetricObject {
  return { name, help, type, get: () => ({ name, help, type, values: samples() }) };
}
