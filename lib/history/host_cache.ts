/** The number of hosts that are remembered. Then all are forgotten, so that memory is bounded. */
export const MAX_HOSTS = 4_096;

/** Remembers what was found out about a host on a line, because most records repeat those of others. */
export class HostCache<Value> {
  readonly #describe: (line: string, host: string) => Value;
  readonly #values = new Map<string, Map<string, Value>>();
  #size = 0;

  /** `describe` finds out the value of a host; the same arguments must give the same value. */
  constructor(describe: (line: string, host: string) => Value) {
    this.#describe = describe;
  }

  /** The value of a host on a line, both as visible text. */
  get(line: string, host: string): Value {
    const known = this.#values.get(line)?.get(host);
    return known ?? this.#add(line, host);
  }

  #add(line: string, host: string): Value {
    if (this.#size === MAX_HOSTS) {
      this.#values.clear();
      this.#size = 0;
    }
    const value = this.#describe(line, host);
    const hosts = this.#values.get(line) ?? new Map<string, Value>();
    this.#values.set(line, hosts.set(host, value));
    this.#size++;
    return value;
  }
}
