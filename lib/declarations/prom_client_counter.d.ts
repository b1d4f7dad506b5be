import type Registry from "./prom_client_registry.d.ts";

export interface CounterConfiguration {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  readonly registers: readonly Registry[];
}

export default class Counter {
  constructor(configuration: CounterConfiguration);
  inc(labels: Readonly<Record<string, string>>, value?: number): void;
}
