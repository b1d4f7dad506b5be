// @ts-types="./declarations/prom_client_counter.d.ts"
import Counter from "prom-client/counter";
// @ts-types="./declarations/prom_client_registry.d.ts"
import Registry, { type MetricObjectWithValues } from "prom-client/registry";
import type { Build } from "./build.ts";
import { type Metric, PROCESS_METRICS, TELEMETRY_METRICS } from "./catalog.ts";
import { type Family, familyOf } from "./family.ts";
import { FAILURE_REASONS, type ReadFailure, SOURCE_NAMES } from "./snapshot.ts";

/** What the runtime tells about the process without any permission. */
export interface ProcessNumbers {
  /** User and system time in seconds. */
  readonly cpu: () => number;
  /** Bytes. */
  readonly residentMemory: () => number;
  /** Seconds since the epoch. */
  readonly startTime: number;
}

/** Every metric that a {@link Telemetry} can hold. */
const METRICS: readonly Metric[] = [
  ...Object.values(TELEMETRY_METRICS),
  ...Object.values(PROCESS_METRICS),
];

/** What not every run tells. */
export interface TelemetryParts {
  /** Null leaves the metrics of the process out. */
  readonly process: ProcessNumbers | null;
  /** Whether the web configuration in force is the one in the file; null where there is none. */
  readonly isWebConfigGood: (() => boolean) | null;
}

const NOTHING_MORE: TelemetryParts = { process: null, isWebConfigGood: null };

/** The exporter's own numbers, in a registry that lives as long as the process. */
export class Telemetry {
  readonly #registry = new Registry();
  readonly #readFailures: Counter;

  constructor(build: Build, { process, isWebConfigGood }: TelemetryParts = NOTHING_MORE) {
    const { name, help, labels } = TELEMETRY_METRICS.readFailures;
    this.#readFailures = new Counter({
      name,
      help,
      labelNames: labels,
      registers: [this.#registry],
    });
    for (const source of SOURCE_NAMES) {
      for (const reason of FAILURE_REASONS) this.#readFailures.inc({ source, reason }, 0);
    }
    if (isWebConfigGood !== null) {
      this.#add(TELEMETRY_METRICS.webConfigUp, () => Number(isWebConfigGood()));
    }
    this.#add(TELEMETRY_METRICS.buildInfo, () => 1, { ...build });
    if (process === null) return;
    const { cpu, residentMemory, startTime } = process;
    this.#add(PROCESS_METRICS.cpu, cpu);
    this.#add(PROCESS_METRICS.residentMemory, residentMemory);
    this.#add(PROCESS_METRICS.startTime, () => startTime);
  }

  /** Counts a look at a source that failed. */
  countReadFailure({ source, reason }: ReadFailure): void {
    this.#readFailures.inc({ source, reason });
  }

  /** The numbers now, in the order of the catalog. */
  async families(): Promise<readonly Family[]> {
    const found = await this.#registry.getMetricsAsJSON();
    return found.flatMap(({ name, values }) => {
      const metric = METRICS.find((known) => known.name === name);
      return metric === undefined
        ? []
        : [familyOf(metric, values.map(({ labels, value }) => [labels, value]))];
    });
  }

  /** A gauge or counter that is read when it is asked for. */
  #add(metric: Metric, value: () => number, labels: Readonly<Record<string, string>> = {}): void {
    const { name, help, type } = metric;
    const get = (): MetricObjectWithValues => ({
      name,
      help,
      type,
      values: [{ labels, value: value() }],
    });
    this.#registry.registerMetric({ name, help, type, get });
  }
}
