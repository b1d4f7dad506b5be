import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { LogOnChange } from "../log_on_change.ts";
import type { RecordLog } from "./record_log.ts";
import {
  type FailureReason,
  type ReadResult,
  type Snapshot,
  snapshotOfLogind,
} from "../sessions/snapshot.ts";
import type { Source } from "./source.ts";
import { failureOf, type FileFailure, type Files, type StatOutcome } from "../files/files.ts";
import { checkRunning } from "./logind_state.ts";
import { type FaultyFile, readSessionFiles } from "./logind_files.ts";
import { type Content, type LastRead, ReadCache } from "./read_cache.ts";

/** What a user can do about a directory that cannot be read. */
const ADVICE: Readonly<Record<FailureReason, string>> = {
  missing: "start systemd-logind, or check --logind-path; a container needs the directories " +
    "sessions and seats of the host's /run/systemd mounted",
  denied: "let the user of this program list the directory and read its files",
  not_regular: "point --logind-path at the directory of systemd-logind, /run/systemd",
  too_large: "check --logind-path; logind has no more sessions unless its SessionsMax was raised",
  io: "check the file system of the directory",
  malformed: "no file in it is a session; check --logind-path",
};

/** The configuration of a {@link LogindSource}. */
export interface LogindSourceOptions {
  /** The directory with `sessions` and `seats`, `/run/systemd` on the machine itself. */
  readonly path: string;
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
  /** Logs the files of a changed directory at level debug. */
  readonly recordLog: RecordLog;
}

/**
 * Sessions from the session files of systemd-logind. logind writes each file under a temporary name and renames
 * it, so no file is half-written, and the modification time of the directory changes with every session.
 */
export class LogindSource implements Source {
  readonly #options: LogindSourceOptions;
  readonly #directory: string;
  readonly #cache: ReadCache<Content>;
  readonly #faults = new LogOnChange(0);

  constructor(options: LogindSourceOptions) {
    this.#options = options;
    this.#directory = `${options.path}/sessions`;
    this.#cache = new ReadCache({
      source: "logind",
      path: this.#directory,
      advice: ADVICE,
      clock: options.clock,
    });
  }

  /**
   * The sessions now. The directory is read again under the same conditions as a file. If logind does not run,
   * its files are out of date, and the read fails. Never rejects.
   */
  async read(): Promise<ReadResult> {
    try {
      return await this.#cache.result(await this.#stat(), (_, last) => this.#content(last));
    } catch (error) {
      return this.#cache.failed(failureOf(error));
    }
  }

  async #stat(): Promise<StatOutcome> {
    const { files, path } = this.#options;
    const running = await checkRunning(files, path);
    if (!running.ok) return { ok: false, reason: "missing", error: running.error };
    const state = await files.stat(this.#directory);
    return state.isDirectory
      ? { ok: true, state }
      : { ok: false, reason: "not_regular", error: "it is not a directory" };
  }

  /** The decoded session files; the previous snapshot if it is the same. */
  async #content(last: LastRead<Content> | null): Promise<Content | FileFailure> {
    const read = await readSessionFiles(this.#options.files, this.#directory);
    if (!read.ok) return read;
    const { sessions, faults } = read;
    const first = faults[0];
    if (first !== undefined && sessions.length === 0) {
      return { ok: false, reason: first.reason, error: `${first.id}: ${first.error}` };
    }
    const snapshot = snapshotOfLogind(sessions.map(({ outcome }) => outcome), faults.length);
    const previous = last?.content.decoded;
    if (previous?.ok && isSame(previous.snapshot, snapshot)) return { decoded: previous };
    this.#options.recordLog.logLogind(sessions, { path: this.#directory });
    this.#faults.update(faults.length, () => this.#logFaults(faults));
    return { decoded: { ok: true, snapshot } };
  }

  #logFaults(faults: readonly FaultyFile[]): void {
    const { log } = this.#options;
    const path = this.#directory;
    const first = faults[0];
    if (first === undefined) return log.info("every session file can be read again", { path });
    log.warn("session files cannot be read and are left out", {
      path,
      faults: faults.length,
      first: first.id,
      error: first.error,
      advice: "check the file and its permissions; systemd-logind lets everyone read it",
    });
  }
}

/** Whether two snapshots are equal. They are compared piece by piece, because one text could be large. */
function isSame(a: Snapshot, b: Snapshot): boolean {
  const pieces = ["sessions", "closing", "displays"] as const;
  return a.faults === b.faults && pieces.every((name) => {
    const [ours, theirs] = [a[name] ?? [], b[name] ?? []];
    return ours.length === theirs.length &&
      ours.every((piece, i) => JSON.stringify(piece) === JSON.stringify(theirs[i]));
  });
}
