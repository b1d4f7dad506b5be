import type { Look } from "./snapshot.ts";

/** A place where sessions are read from. */
export interface Source {
  /** What it holds now. Unchanged content gives the same snapshot object. Never rejects. */
  readonly look: () => Promise<Look>;
}
