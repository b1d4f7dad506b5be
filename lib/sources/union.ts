import type { ReadFailure, ReadResult, Snapshot, SourcesResult } from "../sessions/snapshot.ts";
import { unionOf } from "../sessions/union.ts";
import type { Source } from "./source.ts";

/** The last union, and the snapshots it was created from. */
interface LastUnion {
  readonly snapshots: readonly Snapshot[];
  readonly union: Snapshot;
}

/**
 * Reads all selected sources and merges their sessions. A missing source is not a failure if another one can be
 * read. A source that exists but cannot be read is one.
 */
export class UnionSource {
  readonly #sources: readonly Source[];
  #last: LastUnion | null = null;

  /** The sources to read, in the order in which their sessions are merged. */
  constructor(sources: readonly Source[]) {
    this.#sources = sources;
  }

  /** Reads the sources now. Unchanged content gives the same snapshot object. Never rejects. */
  async read(): Promise<SourcesResult> {
    const all = await Promise.all(this.#sources.map((source) => source.read()));
    const snapshot = this.#unionOf(all.flatMap((result) => result.ok ? [result.snapshot] : []));
    const missing = snapshot === null ? [] : all.flatMap(missingOf);
    return {
      results: all.filter((result) => result.ok || !missing.includes(result.failure)),
      missing,
      snapshot,
    };
  }

  /** The union of all snapshots; null if there is none. The previous object if all are the previous ones. */
  #unionOf(snapshots: readonly Snapshot[]): Snapshot | null {
    const [first, ...others] = snapshots;
    if (first === undefined || others.length === 0) return first ?? null;
    const last = this.#last;
    const isSame = last?.snapshots.length === snapshots.length &&
      snapshots.every((snapshot, i) => snapshot === last.snapshots[i]);
    if (isSame) return last.union;
    const union = others.reduce(unionOf, first);
    this.#last = { snapshots, union };
    return union;
  }
}

function missingOf(result: ReadResult): readonly ReadFailure[] {
  return result.ok || result.failure.reason !== "missing" ? [] : [result.failure];
}
