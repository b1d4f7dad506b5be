import type { Look, Snapshot, SourceName } from "../sessions/snapshot.ts";
import type { Source } from "./source.ts";
import { Timely } from "../files/deadline.ts";

/** How long a scrape waits for a source, in milliseconds. */
export const SOURCE_TIMEOUT = 3_000;

/** A source that fails when it does not answer in time, or breaks. */
export class TimelySource<Held extends Snapshot> implements Source<Held> {
  readonly #source: Source<Held>;
  readonly #name: SourceName;
  readonly #path: string;
  readonly #timeout: number;
  readonly #timely: Timely<Look<Held>>;

  constructor(
    source: Source<Held>,
    { name, path, timeout = SOURCE_TIMEOUT }: {
      readonly name: SourceName;
      readonly path: string;
      readonly timeout?: number;
    },
  ) {
    this.#source = source;
    this.#name = name;
    this.#path = path;
    this.#timeout = timeout;
    this.#timely = new Timely(timeout);
  }

  /** Never rejects. */
  async look(): Promise<Look<Held>> {
    try {
      const answer = await this.#timely.ask(() => this.#source.look());
      return answer.inTime ? answer.value : this.#failure(`no answer in ${this.#timeout} ms`);
    } catch (error) {
      return this.#failure(String(error));
    }
  }

  #failure(error: string): Look<Held> {
    const advice = "check the file system that holds the path";
    const failure = { source: this.#name, path: this.#path, reason: "io", error, advice } as const;
    return { ok: false, failure };
  }
}
