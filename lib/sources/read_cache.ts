import type { Clock } from "../clock.ts";
import { type FileVersion, isCurrent, versionOf } from "../files/file_version.ts";
import type { FileFailure, StatOutcome } from "../files/files.ts";
import type { FailureReason, ReadResult, Snapshot, SourceName } from "../sessions/snapshot.ts";

/** What a read returned: the decoded snapshot, or why the content is not usable. */
export interface Content {
  readonly decoded: { readonly ok: true; readonly snapshot: Snapshot } | FileFailure;
}

/** Content, and the version of the file or directory that it came from. */
export interface LastRead<Read> {
  readonly content: Read;
  readonly version: FileVersion;
}

/** Reads the file or directory of a source again only if it may have changed, and keeps the last result. */
export class ReadCache<Read extends Content> {
  readonly #source: SourceName;
  readonly #path: string;
  readonly #advice: Readonly<Record<FailureReason, string>>;
  readonly #clock: Clock;
  #last: LastRead<Read> & { readonly result: ReadResult } | null = null;

  constructor(
    { source, path, advice, clock }: {
      readonly source: SourceName;
      /** The file or directory that is read. */
      readonly path: string;
      /** What a user can do about each failure. */
      readonly advice: Readonly<Record<FailureReason, string>>;
      readonly clock: Clock;
    },
  ) {
    this.#source = source;
    this.#path = path;
    this.#advice = advice;
    this.#clock = clock;
  }

  /**
   * The result for a file or directory in the state `found`: the last one, or that of `read`, which gets the
   * last content. A file that cannot be read is read again with the next call; unusable content is kept.
   */
  async result(
    found: StatOutcome,
    read: (version: FileVersion, last: LastRead<Read> | null) => Promise<Read | FileFailure>,
  ): Promise<ReadResult> {
    if (!found.ok) return this.failed(found);
    const last = this.#last;
    if (last !== null && isCurrent(last.version, found.state, this.#clock)) return last.result;
    const version = versionOf(found.state, this.#clock);
    const content = await read(version, last);
    if (!("decoded" in content)) return this.failed(content);
    const { decoded } = content;
    const result = decoded.ok ? this.#success(decoded.snapshot, version) : this.#failure(decoded);
    this.#last = { content, version, result };
    return result;
  }

  /** The result of a failure, after which nothing is kept. */
  failed(failure: FileFailure): ReadResult {
    this.#last = null;
    return this.#failure(failure);
  }

  #success(snapshot: Snapshot, { state, at }: FileVersion): ReadResult {
    return {
      ok: true,
      source: this.#source,
      snapshot,
      path: this.#path,
      modified: state.mtime === null ? null : state.mtime.getTime() / 1000,
      readDuration: (this.#clock.monotonic() - at) / 1000,
    };
  }

  #failure({ reason, error }: FileFailure): ReadResult {
    const advice = this.#advice[reason];
    return {
      ok: false,
      failure: { source: this.#source, path: this.#path, reason, error, advice },
    };
  }
}
