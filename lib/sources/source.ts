import type { ReadResult, Snapshot } from "../sessions/snapshot.ts";

/** A place where sessions are read from. */
export interface Source<Held extends Snapshot = Snapshot> {
  /** What it holds now. Unchanged content gives the same snapshot object. Never rejects. */
  readonly read: () => Promise<ReadResult<Held>>;
}
