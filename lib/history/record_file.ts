// @ts-types="../declarations/std_bytes_equals.d.ts"
import { equals } from "@std/bytes/equals";
import { type OpenFile, readAt } from "../files/open_file.ts";
import { detectLayout, type LayoutName, LAYOUTS, utmpEntries } from "../utmp/mod.ts";
import type { RecordCounter } from "./record_counter.ts";

/**
 * The layout of a file is decided by so many bytes from its start, or by all while it is shorter. In bytes; 170
 * records of 384 bytes.
 */
export const HEAD_SIZE = 64 * 1024;

const NOTHING = new Uint8Array();

/** How the records of a file are read and counted. */
export interface RecordFileOptions<Data> {
  /** The layout of the machine that the program was built for. It decides a tie. */
  readonly nativeLayout: LayoutName;
  /** A counter that has counted nothing. */
  readonly createCounter: () => RecordCounter<Data>;
}

/**
 * What an advance found: the buffer was filled and there may be more, the end of the file, or that the records
 * that were read before are not there any more.
 */
export type Advance = "more" | "end" | "rewritten";

/**
 * Counts the records of a file to which other programs append, as updwtmp(3) does. Each byte is read once,
 * except for the last record, which shows whether the file is still the same. A half-written record at the end is
 * not counted until it is whole.
 *
 * The counts are a function of the bytes of the file, however they were appended: as long as the layout may
 * change with the next bytes, all records are counted anew from memory.
 */
export class RecordFile<Data> {
  readonly #options: RecordFileOptions<Data>;
  /** The bytes from the start of the file while they decide its layout; null afterwards. */
  #head: Uint8Array | null = NOTHING;
  #counter: RecordCounter<Data>;
  #layout: LayoutName | null;
  /** The last record that was counted. */
  #last: Uint8Array = NOTHING;
  #counted = 0;

  constructor(options: RecordFileOptions<Data>) {
    this.#options = options;
    this.#counter = options.createCounter();
    this.#layout = options.nativeLayout;
  }

  /** The layout of the records; null if the content matches none. Any layout if there is no record. */
  get layout(): LayoutName | null {
    return this.#layout;
  }

  /** The number of bytes that were counted; a multiple of the size of a record. */
  get counted(): number {
    return this.#counted;
  }

  /** The counts; null if the content matches no layout. */
  data(): Data | null {
    return this.#layout === null ? null : this.#counter.data();
  }

  /**
   * Reads and counts what was appended, at most as much as the buffer holds. Rejects if the file cannot be read.
   *
   * @param buffer At least {@link HEAD_SIZE} bytes.
   */
  async advance(file: OpenFile, buffer: Uint8Array<ArrayBuffer>): Promise<Advance> {
    const start = this.#counted - this.#last.length;
    const wanted = this.#head === null ? buffer : buffer.subarray(0, HEAD_SIZE - start);
    const bytes = await readAt(file, wanted, start);
    if (!equals(bytes.subarray(0, this.#last.length), this.#last)) return "rewritten";
    const appended = bytes.subarray(this.#last.length);
    if (this.#head === null) {
      this.#count(appended);
    } else if (!equals(appended, this.#head.subarray(this.#counted))) {
      this.#countHead(this.#head, appended);
    }
    return this.#layout !== null && bytes.length === wanted.length ? "more" : "end";
  }

  #countHead(head: Uint8Array, appended: Uint8Array): void {
    const bytes = new Uint8Array(this.#counted + appended.length);
    bytes.set(head.subarray(0, this.#counted));
    bytes.set(appended, this.#counted);
    const { nativeLayout, createCounter } = this.#options;
    const { layout, isMatch } = detectLayout(bytes, nativeLayout);
    this.#layout = isMatch ? layout : null;
    this.#counter = createCounter();
    this.#counted = 0;
    this.#last = NOTHING;
    // Of a file that matches no layout, the next change is read from the start again.
    if (isMatch) this.#count(bytes);
    this.#head = isMatch && bytes.length >= HEAD_SIZE ? null : bytes;
  }

  /** Counts the whole records of the bytes that follow the last counted record. */
  #count(bytes: Uint8Array): void {
    const layout = this.#layout;
    if (layout === null) return;
    const { size } = LAYOUTS[layout];
    const length = bytes.length - bytes.length % size;
    if (length === 0) return;
    for (const entry of utmpEntries(bytes.subarray(0, length), layout)) this.#counter.add(entry);
    this.#counted += length;
    this.#last = bytes.slice(length - size, length);
  }
}
