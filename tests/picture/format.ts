const SECONDS: readonly (readonly [number, string])[] = [
  [86_400, "day"],
  [3_600, "hour"],
  [60, "minute"],
  [1, "second"],
];

/** The two largest parts of a time in seconds: `1 day, 2 hours`. */
function duration(seconds: number): string {
  const parts: string[] = [];
  let rest = Math.floor(seconds);
  for (const [size, name] of SECONDS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0 && parts.length < 2) parts.push(`${count} ${name}${count === 1 ? "" : "s"}`);
  }
  return parts.join(", ") || "0 seconds";
}

function scaled(value: number, steps: readonly (readonly [number, string])[]): string {
  if (value === 0) return "0";
  const [size, name] = steps.find(([least]) => Math.abs(value) >= least) ?? steps.at(-1) ?? [1, ""];
  return `${Number((value / size).toPrecision(3))} ${name}`;
}

/** A value in its unit of Grafana, about as Grafana writes it; `now` is in seconds since the epoch. */
export function format(value: number, { unit, now }: { unit: string; now: number }): string {
  switch (unit) {
    case "dtdurations":
      return duration(value);
    case "dateTimeAsIso":
      return new Date(value).toISOString().slice(0, 19).replace("T", " ");
    case "dateTimeFromNow":
      return `${duration(now - value / 1000).split(",")[0]} ago`;
    case "s":
      return scaled(value, [
        [86_400, "days"],
        [3_600, "hours"],
        [60, "min"],
        [1, "s"],
        [1e-3, "ms"],
        [1e-6, "µs"],
      ]);
    case "bytes":
      return scaled(value, [[2 ** 20, "MiB"], [2 ** 10, "KiB"], [1, "B"]]);
    case "percentunit":
      return `${Number((value * 100).toPrecision(2))}%`;
    case "cps":
      return `${Number(value.toPrecision(2))} c/s`;
    default:
      return `${Number(value.toFixed(2))}`;
  }
}
