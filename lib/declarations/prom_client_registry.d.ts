/** One line of the exposition. `metricName` defaults to the name of the metric. */
export interface MetricValue {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What a metric gives when it is asked: its head and all its samples at that moment. */
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

export default class Registry {
  registerMetric(metric: MetricObject): void;
  /** All metrics with their values now, in the order of registration. */
  getMetricsAsJSON(): Promise<readonly MetricObjectWithValues[]>;
}
