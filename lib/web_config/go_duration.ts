/** Milliseconds in each unit of Go's time.ParseDuration. */
const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  "µs": 1e-3,
  "μs": 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/** The maximum of Go's time.Duration, 2^63 - 1 nanoseconds, in milliseconds. */
const GREATEST = (2 ** 63 - 1) / 1e6;

const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gy;

/**
 * Parses a duration in Go's format (`1m30s`, `-1s`, `0`). Returns milliseconds, or null for anything else and
 * for more than 292 years.
 */
export function parseGoDuration(text: string): number | null {
  const [, sign, unsigned = ""] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  if (unsigned === "0") return 0;
  const parts = [...unsigned.matchAll(PART)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== unsigned) return null;
  const sum = parts.reduce(
    (sum, [, number, unit = ""]) => sum + Number(number) * (UNITS[unit] ?? NaN),
    0,
  );
  if (sum > GREATEST) return null;
  return sign === "-" ? -sum : sum;
}
