// @ts-types="./declarations/prom_client_counter.d.ts"
import Counter from "prom-client/counter";
// @ts-types="./declarations/prom_client_registry.d.ts"
import Registry from "prom-client/registry";
import type { Build } from "./build.ts";
import { PROCESS_METRICS, TELEMETRY_METRICS } from "./catalog.ts";
import { metricObject } from "./metric_object.ts";
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

/** The exporter's own numbers, in a registry that lives as long as the process. */
export class Telemetry {
  readonly #registry = new Registry();
  readonly #readFailures: Counter;

  /** Without `process` the metrics of the process are left out. */
  constructor(build: Build, process: ProcessNumbers | null) {
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
    this.#registry.registerMetric(
      metricObject(TELEMETRY_METRICS.buildInfo, () => [{ labels: { ...build }, value: 1 }]),
    );
    if (process !== null) this.#addProcess(process);
  }

  /** Counts a look at a source that failed. */
  countReadFailure({ source, reason }: ReadFailure): void {
    this.#readFailures.inc({ source, reason });
  }

  /** The numbers now, in the text format 0.0.4. */
  expose(): Promise<string> {
    return this.#registry.metrics();
  }

  #addProcess({ cpu, residentMemory, startTime }: ProcessNumbers): void {
    const { cpu: cpuMetric, residentMemory: memoryMetric, startTime: startMetric } =
      PROCESS_METRICS;
    for (
      const [metric, value] of [
        [cpuMetric, cpu],
        [memoryMetric, residentMemory],
        [startMetric, () => startTime],
      ] as const
    ) {
      this.#registry.registerMetric(metricObject(metric, () => [{ labels: {}, value: value() }]));
    }
  }
}
