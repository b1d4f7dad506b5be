// @ts-types="../declarations/prom_client_registry.d.ts"
import Registry, { type MetricObject, type MetricObjectWithValues } from "prom-client/registry";
import type { Build } from "../build_info.ts";
import { EXPORTER_METRICS, type Metric, PROCESS_METRICS } from "./catalog.ts";
import { familyOf, type MetricFamily } from "./metric_family.ts";
import {
  FAILURE_REASONS,
  type HistorySourceName,
  type ReadFailure,
  SOURCE_NAMES,
} from "../sessions/snapshot.ts";

/** Numbers of the process that need no permission. */
export interface ProcessNumbers {
  /** The current numbers; the same object for a short time. */
  readonly sample: () => ProcessSample;
  /** Seconds since the epoch. */
  readonly startTime: number;
}

/** Numbers that always change. */
export interface ProcessSample {
  /** User and system time in seconds. */
  readonly cpu: number;
  /** Bytes. */
  readonly residentMemory: number;
}

/** Optional metrics. */
export interface ExporterMetricsOptions {
  /** Null omits the metrics of the process. */
  readonly process?: ProcessNumbers | null;
  /** Whether the active web configuration is the one in the file; null without a web configuration. */
  readonly lastReloadSucceeded?: (() => boolean) | null;
  /** The configured sources of past logins. */
  readonly historySources?: readonly HistorySourceName[];
}

type Labels = Readonly<Record<string, string>>;

/** A metric that creates its samples when it is collected. */
interface OwnMetric extends MetricObject {
  readonly metric: Metric;
  get(): MetricObjectWithValues;
}

/** The metrics of the exporter itself, in registries that live as long as the process. */
export class ExporterMetrics {
  readonly #own = new Registry<OwnMetric>();
  readonly #process = new Registry<OwnMetric>();
  readonly #readFailures = new Map<string, { readonly labels: Labels; value: number }>();
  readonly #lastReloadSucceeded: () => boolean | null;
  readonly #sample: () => ProcessSample | null;
  /** The last families, and the reload state in them. */
  #families: readonly MetricFamily[] | null = null;
  #renderedReloadState: boolean | null = null;
  /** The last families of the process, and their sample. */
  #processFamilies: readonly MetricFamily[] = [];
  #lastSample: ProcessSample | null = null;

  constructor(
    build: Build,
    { process = null, lastReloadSucceeded = null, historySources = [] }: ExporterMetricsOptions =
      {},
  ) {
    for (const source of [...SOURCE_NAMES, ...historySources]) {
      for (const reason of FAILURE_REASONS) {
        this.#readFailures.set(keyOf(source, reason), { labels: { source, reason }, value: 0 });
      }
    }
    register(this.#own, EXPORTER_METRICS.readFailures, () => [...this.#readFailures.values()]);
    this.#lastReloadSucceeded = lastReloadSucceeded ?? (() => null);
    if (lastReloadSucceeded !== null) {
      register(this.#own, EXPORTER_METRICS.lastReload, () => alone(Number(lastReloadSucceeded())));
    }
    register(this.#own, EXPORTER_METRICS.buildInfo, () => [{ labels: { ...build }, value: 1 }]);
    this.#sample = process?.sample ?? (() => null);
    if (process === null) return;
    const { sample, startTime } = process;
    register(this.#process, PROCESS_METRICS.cpu, () => alone(sample().cpu));
    register(this.#process, PROCESS_METRICS.residentMemory, () => alone(sample().residentMemory));
    register(this.#process, PROCESS_METRICS.startTime, () => alone(startTime));
  }

  /** Counts a failed read of a source. */
  countReadFailure({ source, reason }: ReadFailure): void {
    const counter = this.#readFailures.get(keyOf(source, reason));
    if (counter === undefined) throw new RangeError(`Cannot count ${source}, ${reason}`);
    counter.value++;
    this.#families = null;
  }

  /** The families of the exporter; the same array until a value changes. */
  families(): readonly MetricFamily[] {
    const lastReloadSucceeded = this.#lastReloadSucceeded();
    if (this.#families === null || this.#renderedReloadState !== lastReloadSucceeded) {
      this.#families = familiesOf(this.#own);
      this.#renderedReloadState = lastReloadSucceeded;
    }
    return this.#families;
  }

  /** The families of the process; the same array while the sample is the same. */
  processFamilies(): readonly MetricFamily[] {
    const sample = this.#sample();
    if (this.#lastSample !== sample) {
      this.#processFamilies = familiesOf(this.#process);
      this.#lastSample = sample;
    }
    return this.#processFamilies;
  }
}

function keyOf(source: string, reason: string): string {
  return `${source} ${reason}`;
}

function alone(value: number): MetricObjectWithValues["values"] {
  return [{ labels: {}, value }];
}

function register(
  registry: Registry<OwnMetric>,
  metric: Metric,
  values: () => MetricObjectWithValues["values"],
): void {
  const { name, help, type } = metric;
  const head = { name, help, type };
  registry.registerMetric({ ...head, metric, get: () => ({ ...head, values: values() }) });
}

function familiesOf(registry: Registry<OwnMetric>): readonly MetricFamily[] {
  return registry.getMetricsAsArray().map(({ metric, ...own }) => {
    const { values } = own.get();
    return familyOf(metric, values.map(({ labels, value }) => [labels, value]));
  });
}
