/** One line of the exposition. `metricName` defaults to the name of the metric. */
export interface MetricValue {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The current name, help, type and samples of a metric. */
export interface MetricObjectWithValues {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly values: readonly MetricValue[];
}

/** The part of a metric that a registry uses. */
export interface MetricObject {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  get(): MetricObjectWithValues | Promise<MetricObjectWithValues>;
}

/** The registry returns the registered objects themselves. */
export default class Registry<Registered extends MetricObject> {
  /** Throws if another metric has the name. */
  registerMetric(metric: Registered): void;
  /** All metrics, in the order of registration. */
  getMetricsAsArray(): readonly Registered[];
}
