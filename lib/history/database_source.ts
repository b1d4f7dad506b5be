import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../clock.ts";
import { failureOf } from "../files/files.ts";
import { pause } from "../pause.ts";
import type { HistoryRead } from "../sessions/history.ts";
import type { FailureReason, HistorySourceName } from "../sessions/snapshot.ts";
import { runSliced, TIME_SLICE } from "../time_slices.ts";
import { type DatabaseFailure, failureOfSqlite } from "./database_failure.ts";
import {
  type DatabaseState,
  type DatabaseVersion,
  isUnchanged,
  statDatabase,
  versionOfDatabase,
} from "./database_state.ts";
import type { HistoryReadOptions, HistorySource } from "./history_source.ts";
import { type DatabaseFiles, emptyDatabase, openDatabase } from "./open_database.ts";
import { schemaFailure, type TableForm } from "./table.ts";

/** How long a read waits for the pass that it started, in milliseconds. A longer pass goes on between reads. */
export const PASS_PATIENCE = TIME_SLICE;

/** How often a pass is tried while the database is locked, and the time between two tries, in milliseconds. */
const ATTEMPTS = 4;
const RETRY_PAUSE = 100;

/** What a pass over a database found: its data, or why it is not usable. */
export type PassOutcome<Data> = { readonly ok: true; readonly data: Data } | DatabaseFailure;

/** The configuration of a source that reads a database. */
export interface DatabaseSourceOptions {
  readonly path: string;
  readonly files: DatabaseFiles;
  readonly clock: Clock;
}

/** What one of the databases is, and how it is read. */
interface DatabaseContent<Data> {
  readonly source: HistorySourceName;
  /** What a user can do about each failure. */
  readonly advice: Readonly<Record<FailureReason, string>>;
  readonly form: TableForm;
  /**
   * Reads what is new, in steps. No statement may be active between two steps: it would keep others from writing
   * to the database. Errors of SQLite may be thrown.
   */
  readonly pass: (database: DatabaseSync) => Generator<undefined, PassOutcome<Data>>;
}

/** Reads a database when it has changed. It is opened for each pass, so that nothing is held between reads. */
export class DatabaseSource<Data> implements HistorySource<Data> {
  readonly #options: DatabaseSourceOptions;
  readonly #content: DatabaseContent<Data>;
  #running: Promise<void> | null = null;
  #result: HistoryRead<Data> | null = null;
  /** The result while a pass goes on and there was no data before it. */
  #pending: HistoryRead<Data> | null = null;
  /** The version that {@link #result} is from; null if the database must be read again in any case. */
  #version: DatabaseVersion | null = null;

  constructor(options: DatabaseSourceOptions, content: DatabaseContent<Data>) {
    this.#options = options;
    this.#content = content;
  }

  /** What is in the database now. It is opened only if its state has changed since the last read. */
  async read({ waits }: HistoryReadOptions): Promise<HistoryRead<Data>> {
    if (this.#running === null) {
      const found = await statDatabase(this.#options.files, this.#options.path);
      if (!found.ok) return this.#fail(found, null);
      if (
        this.#result !== null && this.#version !== null && isUnchanged(this.#version, found.state)
      ) {
        return this.#result;
      }
      this.#running = this.#run(found.state).finally(() => this.#running = null);
      if (!waits) await Promise.race([this.#running, pause(PASS_PATIENCE)]);
    }
    if (waits) await this.#running;
    const last = this.#result;
    const isUsable = last !== null && (last.ok || this.#running === null);
    return isUsable ? last : this.#pending ??= this.#success(null, null);
  }

  /**
   * Runs a pass and keeps its result. A lock does not replace data at once: a pass is tried again, because a slow
   * disk can make a commit take longer than a statement waits for it. Does not reject.
   */
  async #run(found: DatabaseState): Promise<void> {
    const { files, path, clock } = this.#options;
    for (let [state, attempt] = [found, 1];; attempt++) {
      const version = versionOfDatabase(state, clock);
      const outcome = await this.#pass(state).catch(failureOfAny);
      const hasData = this.#result?.ok === true && this.#result.data !== null;
      if (outcome.ok || !outcome.isPassing || !hasData || attempt === ATTEMPTS) {
        return this.#keep(outcome, version);
      }
      await pause(RETRY_PAUSE);
      const again = await statDatabase(files, path);
      if (!again.ok) return void this.#fail(again, null);
      state = again.state;
    }
  }

  #keep(outcome: PassOutcome<Data>, version: DatabaseVersion): void {
    if (outcome.ok) {
      this.#version = version;
      const last = this.#result;
      const isSame = last?.ok && last.data === outcome.data &&
        last.modified === modifiedOf(version);
      if (!isSame) this.#result = this.#success(outcome.data, version);
    } else {
      // Other content needs another state. A lock, for example, does not.
      this.#fail(outcome, outcome.reason === "malformed" ? version : null);
    }
  }

  async #pass(state: DatabaseState): Promise<PassOutcome<Data>> {
    const { files, clock } = this.#options;
    const { form, pass } = this.#content;
    const opened = state.file.size === 0
      ? await emptyDatabase(form)
      : await openDatabase(files, state);
    if (!opened.ok) return opened;
    const { database } = opened;
    try {
      return schemaFailure(database, form) ?? await runSliced(pass(database), clock);
    } finally {
      database.close();
    }
  }

  #success(data: Data | null, version: DatabaseVersion | null): HistoryRead<Data> {
    const { clock, path } = this.#options;
    const readDuration = version === null ? 0 : (clock.monotonic() - version.file.at) / 1000;
    const { source } = this.#content;
    return { ok: true, source, path, data, modified: modifiedOf(version), readDuration };
  }

  /** Keeps a failure. The same failure gives the same result. */
  #fail(failure: DatabaseFailure, version: DatabaseVersion | null): HistoryRead<Data> {
    const { source, advice } = this.#content;
    const { reason, error } = failure;
    this.#version = version;
    const last = this.#result;
    const isSame = last?.ok === false && last.failure.reason === reason &&
      last.failure.error === error;
    if (last !== null && isSame) return last;
    const { path } = this.#options;
    return this.#result = {
      ok: false,
      failure: { source, path, reason, error, advice: failure.advice ?? advice[reason] },
    };
  }
}

function failureOfAny(error: unknown): DatabaseFailure {
  return error instanceof Error && "errcode" in error ? failureOfSqlite(error) : failureOf(error);
}

/** The latest modification of a database, in seconds since the epoch; null if it has none. */
function modifiedOf(version: DatabaseVersion | null): number | null {
  const times = [version?.file.state.mtime, version?.log?.state.mtime]
    .flatMap((time) => time instanceof Date ? [time.getTime() / 1000] : []);
  return times.length === 0 ? null : Math.max(...times);
}
