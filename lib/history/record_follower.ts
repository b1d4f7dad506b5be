import { isSameState } from "../files/file_version.ts";
import {
  failureOf,
  type FileFailure,
  type FileState,
  type StatOutcome,
  statRegularFile,
} from "../files/files.ts";
import { type FileOpener, openRegularFile } from "../files/open_file.ts";
import { pause } from "../pause.ts";
import type { HistoryRead } from "../sessions/history.ts";
import { singleFlight } from "../single_flight.ts";
import { FollowedFile } from "./followed_file.ts";
import type { HistoryReadOptions, HistorySource } from "./history_source.ts";
import { RecordResults, type RecordResultsOptions } from "./record_results.ts";

/** As much is read and counted at a time, in bytes; 680 records of 384 bytes. */
export const CHUNK_SIZE = 2 ** 18;

/** So many chunks are read at once. The rest is read in the background. */
export const FOREGROUND_CHUNKS = 16;

/** A pass in the background pauses after this time, in milliseconds. A scrape takes several such turns. */
const SLICE = 5;

/** A pass in the background that reads nothing for this time, in milliseconds, is a failure until it goes on. */
export const STALL_TIME = 3_000;

/**
 * A file that is no longer at the path stays open for so many reads, so that nothing is lost that is still
 * written to it. Then it is closed, because a removed file takes disk space as long as it is open.
 */
export const RETIRED_READS = 8;

/** How the file at a path is followed. */
export interface RecordFollowerOptions<Data> extends RecordResultsOptions<Data> {
  readonly files: FileOpener;
}

/**
 * Follows the records of a file to which other programs append and which is rotated (logrotate(8)).
 *
 * A read returns the counts of the current file. It costs one stat if nothing changed. Otherwise it reads what was
 * appended. If that is much, it goes on in the background, with pauses for other work, and the last result stays.
 *
 * The counts fall when the file is rotated, but the sum of all increases is the number of records. For that, the
 * file stays open when it is renamed. If it had records that were not counted before, the read that notices the
 * rotation still returns its final counts, and the next read those of the new file.
 *
 * If the content is removed or replaced in place (`copytruncate`), the records are lost that were not read
 * before.
 */
export class RecordFollower<Data> implements HistorySource<Data> {
  readonly #options: RecordFollowerOptions<Data>;
  readonly #results: RecordResults<Data>;
  readonly #readOnce = singleFlight(() => this.#read());
  readonly #buffer = new Uint8Array(CHUNK_SIZE);
  #followed: FollowedFile<Data> | null = null;
  /** Whether the open file failed. Then it is opened again: it may be one of a file system that is gone. */
  #isBroken = false;
  /** The number of reads since the followed file is no longer at the path. */
  #retired = 0;
  /** The last result, and the state of the path that it belongs to; null if the next read may give another. */
  #last: { readonly result: HistoryRead<Data>; readonly state: FileState | null } | null = null;
  /** A pass in the background. It never rejects. */
  #pass: Promise<void> | null = null;
  /** When the pass last read something, in monotonic milliseconds, and how long the last pass took. */
  #progress = 0;
  #passDuration = 0;

  constructor(options: RecordFollowerOptions<Data>) {
    this.#options = options;
    this.#results = new RecordResults(options);
  }

  async read({ waits }: HistoryReadOptions): Promise<HistoryRead<Data>> {
    let result = await this.#readOnce();
    while (waits && this.#pass !== null) {
      await this.#pass;
      result = await this.#readOnce();
    }
    return result;
  }

  async #read(): Promise<HistoryRead<Data>> {
    const at = this.#options.clock.monotonic();
    const found = await statRegularFile(this.#options.files, this.#options.path, Infinity);
    if (this.#pass !== null) return this.#resultInPass(found, at);
    const last = this.#last;
    if (found.ok && last !== null && last.state !== null && isSameState(last.state, found.state)) {
      return last.result;
    }
    const before = this.#followed;
    if (before !== null && !(found.ok && before.isOpen && before.is(found.state))) {
      const result = await this.#readRetired(before, { found, at });
      if (result !== null) return result;
    }
    if (!found.ok) return this.#keep(this.#results.failure(found));
    this.#retired = 0;
    const followed = await this.#open();
    if (!(followed instanceof FollowedFile)) return this.#keep(this.#results.failure(followed));
    const end = await this.#readToEnd(followed);
    if (end === "later") return this.#resultInPass(found, at);
    if (end !== "end") return this.#keep(this.#results.failure(end));
    return this.#success(followed, { state: found.state, at });
  }

  /**
   * The rest of a file that is no longer at the path, or was closed meanwhile; null if there is none. Its counts stay
   * as long as there is no other file, because it may come back.
   */
  async #readRetired(
    followed: FollowedFile<Data>,
    { found, at }: { readonly found: StatOutcome; readonly at: number },
  ): Promise<HistoryRead<Data> | null> {
    // If it cannot be read any more, it has ended.
    if (await this.#readToEnd(followed) === "later") return this.#resultInPass(found, at);
    if (++this.#retired >= RETIRED_READS) followed.close();
    if (!found.ok) return this.#keep(this.#results.failure(found));
    if (this.#results.hasNews(followed)) return this.#success(followed, { state: found.state, at });
    if (!followed.is(found.state)) {
      followed.close();
      this.#followed = null;
    }
    return null;
  }

  /** The file at the path, open; or why it cannot be opened. */
  async #open(): Promise<FollowedFile<Data> | FileFailure> {
    if (this.#followed?.isOpen && !this.#isBroken) return this.#followed;
    const opened = await openRegularFile(this.#options.files, this.#options.path);
    if (!opened.ok) return opened;
    const { file, state } = opened;
    this.#isBroken = false;
    if (this.#followed?.is(state)) {
      this.#followed.reopen(file);
    } else {
      this.#followed?.close();
      this.#followed = new FollowedFile({ file, state, options: this.#options });
    }
    return this.#followed;
  }

  /** Counts what was appended to a file, or starts a pass in the background if that is much. */
  async #readToEnd(followed: FollowedFile<Data>): Promise<"end" | "later" | FileFailure> {
    try {
      for (let chunk = 0; chunk < FOREGROUND_CHUNKS; chunk++) {
        if (await followed.advance(this.#buffer)) return "end";
      }
    } catch (error) {
      this.#isBroken = true;
      return failureOf(error);
    }
    this.#pass = this.#readInBackground(followed).finally(() => this.#pass = null);
    return "later";
  }

  /** Counts the rest of a file. The next read returns the result, or meets the same error. */
  async #readInBackground(followed: FollowedFile<Data>): Promise<void> {
    const { clock } = this.#options;
    const start = clock.monotonic();
    let paused = -Infinity;
    try {
      do {
        this.#progress = clock.monotonic();
        if (this.#progress - paused < SLICE) continue;
        await pause(0);
        paused = clock.monotonic();
      } while (!await followed.advance(this.#buffer));
    } catch {
      this.#isBroken = true;
    }
    this.#passDuration = clock.monotonic() - start;
  }

  /** The last result, if the path can still be read. */
  #resultInPass(found: StatOutcome, at: number): HistoryRead<Data> {
    if (!found.ok) return this.#results.failure(found);
    if (this.#options.clock.monotonic() - this.#progress > STALL_TIME) {
      const error = `no response in ${STALL_TIME} ms`;
      return this.#results.failure({ ok: false, reason: "io", error });
    }
    if (this.#last?.result.ok) return this.#last.result;
    return this.#keep(this.#results.pending({ state: found.state, at }));
  }

  #success(
    followed: FollowedFile<Data>,
    { state, at }: { readonly state: FileState; readonly at: number },
  ): HistoryRead<Data> {
    const result = this.#results.success(followed, { state, at: at - this.#passDuration });
    this.#passDuration = 0;
    const isLast = followed.isOpen && followed.is(state) && !this.#results.hasNews(followed);
    return this.#keep(result, isLast ? state : null);
  }

  #keep(result: HistoryRead<Data>, state: FileState | null = null): HistoryRead<Data> {
    this.#last = { result, state };
    return result;
  }
}
