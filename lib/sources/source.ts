import type { ReadResult } from "../sessions/snapshot.ts";

/** A source of sessions. */
export interface Source {
  /** Reads the sessions now. Unchanged content gives the same snapshot object. Never rejects. */
  readonly read: () => Promise<ReadResult>;
}
