import type { UtmpEntry } from "../utmp/mod.ts";

/** Counts the records of one file, in their order. The result is a function of the records alone. */
export interface RecordCounter<Data> {
  /** Counts a record or a fault. */
  readonly add: (entry: UtmpEntry) => void;
  /** What has been counted. It does not change later. The same object until the next record. */
  readonly data: () => Data;
}
