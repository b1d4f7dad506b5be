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

/** The registry gives back the objects that were registered, of whatever kind. */
export default class Registry<Registered extends MetricObject> {
  /** Throws where another metric has the name. */
  registerMetric(metric: Registered): void;
  /** All metrics, in the order of registration. */
  getMetricsAsArray(): readonly Registered[];
}
