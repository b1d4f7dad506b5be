import type {
  LogindSnapshot,
  ReadFailure,
  ReadResult,
  Snapshot,
  SourcesResult,
} from "../sessions/snapshot.ts";
import type { Source } from "./source.ts";
import { unionOf } from "../sessions/union.ts";

/** The sources to read; null for one that is not selected. */
export interface UnionSources {
  readonly utmp: Source | null;
  readonly logind: Source<LogindSnapshot> | null;
}

/** The last union, and the snapshots it was created from. */
interface LastUnion {
  readonly utmp: Snapshot;
  readonly logind: LogindSnapshot;
  readonly union: Snapshot;
}

/**
 * Reads all selected sources and merges their sessions. A missing source is not a failure if another one can be
 * read. A source that exists but cannot be read is one.
 */
export class UnionSource {
  readonly #sources: UnionSources;
  #last: LastUnion | null = null;

  constructor(sources: UnionSources) {
    this.#sources = sources;
  }

  /** Reads the sources now. Unchanged content gives the same snapshot object. Never rejects. */
  async read(): Promise<SourcesResult> {
    const [utmp, logind] = await Promise.all([
      this.#sources.utmp?.read() ?? null,
      this.#sources.logind?.read() ?? null,
    ]);
    const snapshot = this.#unionOf(
      utmp?.ok ? utmp.snapshot : null,
      logind?.ok ? logind.snapshot : null,
    );
    const all = [utmp, logind].filter((result) => result !== null);
    const missing = snapshot === null ? [] : all.flatMap(missingOf);
    return {
      results: all.filter((result) => result.ok || !missing.includes(result.failure)),
      missing,
      snapshot,
    };
  }

  /** The union of both snapshots; the previous object if both are the previous ones. */
  #unionOf(utmp: Snapshot | null, logind: LogindSnapshot | null): Snapshot | null {
    if (utmp === null || logind === null) return utmp ?? logind;
    if (this.#last?.utmp !== utmp || this.#last.logind !== logind) {
      this.#last = { utmp, logind, union: unionOf(utmp, logind) };
    }
    return this.#last.union;
  }
}

function missingOf(result: ReadResult): readonly ReadFailure[] {
  return result.ok || result.failure.reason !== "missing" ? [] : [result.failure];
}
