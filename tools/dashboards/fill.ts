/** What the variables of an expression stand for, times in seconds. */
export interface Filling {
  readonly interval: number;
  readonly rateInterval: number;
  readonly range: number;
  /** The instances that are chosen, as a regular expression; all unless told. */
  readonly instance?: string;
}

/** An expression as Grafana sends it, with all jobs chosen. */
export function fill(
  expr: string,
  { interval, rateInterval, range, instance = ".+" }: Filling,
): string {
  return expr
    .replaceAll("$__rate_interval", `${rateInterval}s`)
    .replaceAll("$__interval", `${interval}s`)
    .replaceAll("$__range", `${range}s`)
    .replaceAll("$job", ".+")
    .replaceAll("$instance", instance);
}
