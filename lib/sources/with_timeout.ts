import type { ReadResult, Snapshot, SourceName } from "../sessions/snapshot.ts";
import type { Source } from "./source.ts";
import { Deadline } from "../files/deadline.ts";

/** How long a scrape waits for a source, in milliseconds. */
export const SOURCE_TIMEOUT = 3_000;

/** A source that fails when it does not answer in time, or breaks. */
export class SourceWithTimeout<Held extends Snapshot> implements Source<Held> {
  readonly #source: Source<Held>;
  readonly #name: SourceName;
  readonly #path: string;
  readonly #timeout: number;
  readonly #deadline: Deadline<ReadResult<Held>>;

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
    this.#deadline = new Deadline(timeout);
  }

  /** Never rejects. */
  async read(): Promise<ReadResult<Held>> {
    try {
      const answer = await this.#deadline.ask(() => this.#source.read());
      return answer.inTime ? answer.value : this.#failure(`no answer in ${this.#timeout} ms`);
    } catch (error) {
      return this.#failure(String(error));
    }
  }

  #failure(error: string): ReadResult<Held> {
    const advice = "check the file system that holds the path";
    const failure = { source: this.#name, path: this.#path, reason: "io", error, advice } as const;
    return { ok: false, failure };
  }
}
