import type { UndecodedRecord, UtmpEntry } from "../utmp/mod.ts";

/** Counts the records of one file, in their order. The result is a function of the records alone. */
export interface RecordCounter<Data> {
  /** Counts a record or a fault. */
  readonly add: (entry: UtmpEntry) => void;
  /** What has been counted. It does not change later. The same object until the next record. */
  readonly data: () => Data;
}

/**
 * Whether a record is of type `empty` but has content. In utmp it is a free slot. In a file to which records are
 * appended it is a fault: the content belongs to another record, because bytes before it are not part of a record.
 */
export function isMisplaced(record: UndecodedRecord): boolean {
  return record.type === "empty" && !record.isZero;
}
