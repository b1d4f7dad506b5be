import type { FileState } from "../files/files.ts";
import type { OpenFile } from "../files/open_file.ts";
import { RecordFile, type RecordFileOptions } from "./record_file.ts";

/** A file whose records are counted, also after it was renamed or removed, and when it is rewritten in place. */
export class FollowedFile<Data> {
  /** Null while it is closed. */
  #file: OpenFile | null;
  readonly #state: Pick<FileState, "dev" | "ino">;
  readonly #options: RecordFileOptions<Data>;
  #records: RecordFile<Data>;
  #rewrites = 0;

  constructor(
    { file, state, options }: {
      readonly file: OpenFile;
      /** The state of the open file. */
      readonly state: FileState;
      readonly options: RecordFileOptions<Data>;
    },
  ) {
    this.#file = file;
    this.#state = state;
    this.#options = options;
    this.#records = new RecordFile(options);
  }

  /** The records of the present content. */
  get records(): RecordFile<Data> {
    return this.#records;
  }

  /** Identifies the content: the same as long as it only grows. */
  get identity(): string {
    const { dev, ino } = this.#state;
    return `${dev}:${ino}:${this.#rewrites}`;
  }

  /** Whether this is the file with the given state. */
  is({ dev, ino }: FileState): boolean {
    return dev === this.#state.dev && ino === this.#state.ino;
  }

  /**
   * Counts what was appended, at most as much as the buffer holds. Gives whether that was all, as it is for a closed
   * file. Rejects if the file cannot be read.
   */
  async advance(buffer: Uint8Array<ArrayBuffer>): Promise<boolean> {
    if (this.#file === null) return true;
    const found = await this.#records.advance(this.#file, buffer);
    if (found === "rewritten") {
      this.#records = new RecordFile(this.#options);
      this.#rewrites++;
    }
    return found === "end";
  }

  get isOpen(): boolean {
    return this.#file !== null;
  }

  /** Goes on with another open file, which is the same file. */
  reopen(file: OpenFile): void {
    this.close();
    this.#file = file;
  }

  /** Closes the file. What was counted stays. */
  close(): void {
    this.#file?.close();
    this.#file = null;
  }
}
