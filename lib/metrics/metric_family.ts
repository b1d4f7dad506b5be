import type { Metric } from "./catalog.ts";

/**
 * The samples of a metric: the labels as they appear between the braces of an exposition, and the value. No
 * two have the same labels.
 */
export type Samples = Iterable<readonly [labels: string, value: number]>;

/** A metric with its series: one block of an exposition. */
export interface MetricFamily {
  readonly metric: Metric;
  readonly series: Samples;
}

const NEEDS_ESCAPE = /[\\"\n]/;

const BACKSLASH = 0x5c;
const QUOTE = 0x22;
const NEWLINE = 0x0a;
const LETTER_N = 0x6e;

/** Buffers for texts of up to 1,024 characters, the longest label of utmp. Longer texts get their own. */
const SCRATCH = { text: new Uint8Array(3 * 1_024), escaped: new Uint8Array(6 * 1_024) };

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

/** The text of a label value, escaped for both formats of Prometheus. */
export function escapeQuoted(text: string): string {
  if (!NEEDS_ESCAPE.test(text)) return text;
  // This works on UTF-8 bytes, because replaceAll() takes four times as long for a hostile name.
  const isLong = text.length > 1_024;
  const bytes = isLong ? new Uint8Array(3 * text.length) : SCRATCH.text;
  const escaped = isLong ? new Uint8Array(6 * text.length) : SCRATCH.escaped;
  const { written } = ENCODER.encodeInto(text, bytes);
  let length = 0;
  for (let at = 0; at < written; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === BACKSLASH || byte === QUOTE || byte === NEWLINE) escaped[length++] = BACKSLASH;
    escaped[length++] = byte === NEWLINE ? LETTER_N : byte;
  }
  return DECODER.decode(escaped.subarray(0, length));
}

/** A label as it is written between the braces. */
export function labelPair(name: string, value: string): string {
  return `${name}="${escapeQuoted(value)}"`;
}

/** A family whose samples are created anew each time that they are requested. */
export function familyWith(metric: Metric, series: () => Samples): MetricFamily {
  return {
    metric,
    get series() {
      return series();
    },
  };
}

/** A family with one series for each set of label values. */
export function familyOf<Label extends string>(
  metric: Metric<Label>,
  samples: Iterable<readonly [Readonly<Record<Label, string>>, number]>,
): MetricFamily {
  const series = new Map<string, number>();
  for (const [values, value] of samples) {
    series.set(metric.labels.map((label) => labelPair(label, values[label])).join(","), value);
  }
  return { metric, series };
}

/** A family of one series without labels; of none if the value is not known. */
export function familyOfOne(metric: Metric<never>, value: number | null): MetricFamily {
  return { metric, series: new Map(value === null ? [] : [["", value]]) };
}
