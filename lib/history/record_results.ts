import type { Clock } from "../clock.ts";
import type { FileFailure, FileState } from "../files/files.ts";
import type { Log } from "../log.ts";
import { LogOnChange } from "../log_on_change.ts";
import type { HistoryRead } from "../sessions/history.ts";
import type { FailureReason } from "../sessions/snapshot.ts";
import type { LayoutName } from "../utmp/mod.ts";
import type { FollowedFile } from "./followed_file.ts";
import type { RecordFileOptions } from "./record_file.ts";

/** What results are made of. */
export interface RecordResultsOptions<Data> extends RecordFileOptions<Data> {
  readonly source: "wtmp" | "btmp";
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
  /** The values of all counters, always in the same order. */
  readonly totals: (data: Data) => readonly number[];
}

/** When a read started, in monotonic milliseconds, and the state of the path then. */
export interface ReadStart {
  readonly state: FileState;
  readonly at: number;
}

/** What a user can do about a file that cannot be read. */
function adviceFor(source: string): Readonly<Record<FailureReason, string>> {
  const missing = `check --${source}-path; a container needs the directory of the file mounted; ` +
    "new systems may have a database instead, see --wtmpdb-path and --lastlog2-path";
  const io = "check the file system of the file";
  return {
    missing,
    denied: "let the user of this program read the file, for example by adding it to the group " +
      "of the file, such as utmp or adm",
    not_regular: `point --${source}-path at a regular file`,
    too_large: io,
    io,
    malformed: `this is not a ${source} file of Linux; check --${source}-path; ` +
      "compressed files are not read",
  };
}

/** The results of the reads of a file of records. An equal result is the same object. */
export class RecordResults<Data> {
  readonly #options: RecordResultsOptions<Data>;
  readonly #advice: Readonly<Record<FailureReason, string>>;
  readonly #layout = new LogOnChange<LayoutName | null>(null);
  /** The counts that were returned last, and the content that they are of. */
  #returned: { readonly data: Data; readonly identity: string } | null = null;
  #failure: HistoryRead<Data> & { readonly ok: false } | null = null;

  constructor(options: RecordResultsOptions<Data>) {
    this.#options = options;
    this.#advice = adviceFor(options.source);
  }

  /** Whether the counts of a file were not returned yet. */
  hasNews(followed: FollowedFile<Data>): boolean {
    const data = followed.records.data();
    return data !== null && data !== this.#returned?.data;
  }

  /**
   * The result for a file that was read to its end.
   *
   * The counts of a new file must be lower than those of the file before, because that is how Prometheus notices
   * that they started from 0 again. If one is not, the counts before the first record are returned, and the next
   * call gives the real ones; see {@link hasNews}.
   */
  success(followed: FollowedFile<Data>, start: ReadStart): HistoryRead<Data> {
    const { records, identity } = followed;
    const data = records.data();
    if (data === null) return this.failure(this.#malformed());
    if (records.counted > 0) this.#noteLayout(records.layout);
    const isHidden = this.#returned !== null && this.#returned.identity !== identity &&
      this.#hidesReset(this.#returned.data, data);
    const returned = isHidden ? this.#options.createCounter().data() : data;
    this.#returned = { data: returned, identity };
    return this.#result(returned, start);
  }

  /** The result while a pass goes on: the last counts, or none before the first pass has ended. */
  pending(start: ReadStart): HistoryRead<Data> {
    return this.#result(this.#returned?.data ?? null, start);
  }

  failure({ reason, error }: FileFailure): HistoryRead<Data> {
    const last = this.#failure?.failure;
    if (this.#failure !== null && last?.reason === reason && last.error === error) {
      return this.#failure;
    }
    const { source, path } = this.#options;
    const advice = this.#advice[reason];
    return this.#failure = { ok: false, failure: { source, path, reason, error, advice } };
  }

  #result(data: Data | null, { state, at }: ReadStart): HistoryRead<Data> {
    const { source, path, clock } = this.#options;
    const modified = state.mtime === null ? null : state.mtime.getTime() / 1000;
    const readDuration = (clock.monotonic() - at) / 1000;
    return { ok: true, source, path, data, modified, readDuration };
  }

  #hidesReset(before: Data, after: Data): boolean {
    const totals = this.#options.totals(after);
    return this.#options.totals(before).some((value, i) => value > 0 && (totals[i] ?? 0) >= value);
  }

  #noteLayout(layout: LayoutName | null): void {
    const { source, path, log } = this.#options;
    this.#layout.update(layout, (from) => {
      if (from === null) return;
      log.warn("the layout of a file of past logins changed", { source, path, from, to: layout });
    });
  }

  #malformed(): FileFailure {
    const error = "its content does not match any known layout";
    return { ok: false, reason: "malformed", error };
  }
}
