import type { ReadResult, Snapshot } from "../sessions/snapshot.ts";

/** A source of sessions. */
export interface Source<Held extends Snapshot = Snapshot> {
  /** Reads the sessions now. Unchanged content gives the same snapshot object. Never rejects. */
  readonly read: () => Promise<ReadResult<Held>>;
}
