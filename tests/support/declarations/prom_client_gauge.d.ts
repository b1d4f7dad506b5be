import type Registry from "./prom_client_registry_text.d.ts";

export default class Gauge {
  constructor(configuration: {
    readonly name: string;
    readonly help: string;
    readonly labelNames: readonly string[];
    readonly registers: readonly Registry[];
  });
  set(labels: Readonly<Record<string, string>>, value: number): void;
  inc(labels: Readonly<Record<string, string>>): void;
  reset(): void;
}
