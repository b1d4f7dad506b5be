/** What the variables of an expression stand for, times in seconds. */
export interface Filling {
  readonly interval: number;
  readonly rateInterval: number;
  readonly range: number;
}

/** An expression as Grafana sends it, with all jobs and instances chosen. */
export function fill(expr: string, { interval, rateInterval, range }: Filling): string {
  return expr
    .replaceAll("$__rate_interval", `${rateInterval}s`)
    .replaceAll("$__interval", `${interval}s`)
    .replaceAll("$__range", `${range}s`)
    .replaceAll("$job", ".+")
    .replaceAll("$instance", ".+");
}
