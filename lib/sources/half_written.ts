// @ts-types="../declarations/std_bytes_equals.d.ts"
import { equals } from "@std/bytes/equals";
import { SETTLING_TIME } from "../files/file_version.ts";
import { halfWrittenRecords } from "../utmp/mod.ts";

/**
 * A record that looks half-written in more than this many reads in a row, and for {@link SETTLING_TIME}, is
 * accepted: then the earlier version of it was the half-written one.
 */
export const HALF_WRITTEN_READS = 4;

/** A record that looks half-written. Times are monotonic milliseconds. */
interface HalfWritten {
  readonly record: Uint8Array;
  /** When it was first read with these bytes. */
  readonly since: number;
  /** When it was first read half-written, with these or other bytes, and in how many reads since. */
  readonly first: number;
  readonly reads: number;
}

/**
 * Replaces records that look half-written by their last complete version.
 *
 * Reading again at once does not help: on a busy machine the writer may wait for a processor between the two
 * halves, and every read gets the same half. A record that stays the same for {@link SETTLING_TIME} was
 * written like that and is accepted.
 */
export class HalfWrittenRecords {
  /** By offset. */
  #records: ReadonlyMap<number, HalfWritten> = new Map();

  /** The bytes of a file with complete records. `known` are the bytes of the last read, `size` that of a record. */
  replaced(
    bytes: Uint8Array,
    { known, size, now }: {
      readonly known: Uint8Array;
      readonly size: number;
      /** Monotonic milliseconds. */
      readonly now: number;
    },
  ): Uint8Array {
    const records = new Map<number, HalfWritten>();
    const complete = bytes.slice();
    for (const start of halfWrittenRecords(known, bytes, size)) {
      const record = bytes.slice(start, start + size);
      const before = this.#records.get(start);
      const since = before !== undefined && equals(before.record, record) ? before.since : now;
      const first = before?.first ?? now;
      const reads = (before?.reads ?? 0) + 1;
      const isLasting = reads > HALF_WRITTEN_READS && now - first >= SETTLING_TIME;
      if (isLasting || now - since >= SETTLING_TIME) continue;
      records.set(start, { record, since, first, reads });
      complete.set(known.subarray(start, start + size), start);
    }
    this.#records = records;
    return records.size === 0 ? bytes : complete;
  }
}
