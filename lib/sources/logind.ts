import type { Clock } from "../clock.ts";
import { type FileVersion, isCurrent, versionOf } from "../files/file_version.ts";
import type { Log } from "../log.ts";
import type { RecordLog } from "./record_log.ts";
import {
  type FailureReason,
  type LogindSnapshot,
  type ReadResult,
  snapshotOfLogind,
} from "../sessions/snapshot.ts";
import type { Source } from "./source.ts";
import { failureOf, type Files } from "../files/files.ts";
import { notRunningReason } from "./logind_state.ts";
import { type FaultyFile, readSessionFiles, type SessionFiles } from "./logind_files.ts";

/** What a user can do about a folder that cannot be read. */
const ADVICE: Readonly<Record<FailureReason, string>> = {
  missing: "start systemd-logind, or check --logind-path; a container needs the folders sessions " +
    "and seats of the host's /run/systemd mounted",
  denied: "let the user of this program list the folder and read its files",
  not_regular: "point --logind-path at the folder that systemd-logind writes, /run/systemd",
  too_large: "check --logind-path; logind has no more sessions unless its SessionsMax was raised",
  io: "check the file system that holds the folder",
  malformed: "no file in it is a session; check --logind-path",
};

/** The configuration of a {@link LogindSource}. */
export interface LogindSourceOptions {
  /** The folder that holds `sessions` and `seats`, `/run/systemd` on the machine itself. */
  readonly path: string;
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
  /** Shows the files of a changed folder to a person who debugs. */
  readonly recordLog: RecordLog;
}

/** What one look gave. */
type LogindReadResult = ReadResult<LogindSnapshot>;

/** The last read of the folder. */
interface LastRead {
  readonly result: LogindReadResult;
  readonly version: FileVersion;
  readonly snapshot: LogindSnapshot;
}

/**
 * The session files of systemd-logind. Each is written under another name and renamed, so that it is
 * never torn and the folder's modification time changes with every session.
 */
export class LogindSource implements Source<LogindSnapshot> {
  readonly #options: LogindSourceOptions;
  readonly #folder: string;
  #last: LastRead | null = null;
  #loggedFaults = 0;

  constructor(options: LogindSourceOptions) {
    this.#options = options;
    this.#folder = `${options.path}/sessions`;
  }

  /**
   * The sessions now; the folder is read when it changed, by the rules for a file. Where logind does not
   * run its files tell nothing, and the look fails. Never rejects.
   */
  async read(): Promise<LogindReadResult> {
    const { files, clock, path } = this.#options;
    try {
      const whyNot = await notRunningReason(files, path);
      if (whyNot !== null) return this.#forget("missing", whyNot);
      const state = await files.stat(this.#folder);
      if (!state.isDirectory) return this.#forget("not_regular", "it is not a directory");
      if (this.#last !== null && isCurrent(this.#last.version, state, clock)) {
        return this.#last.result;
      }
      return await this.#read(versionOf(state, clock));
    } catch (error) {
      const { reason, error: message } = failureOf(error);
      return this.#forget(reason, message);
    }
  }

  async #read(version: FileVersion): Promise<LogindReadResult> {
    const read = await readSessionFiles(this.#options.files, this.#folder);
    if (!read.ok) return this.#forget(read.reason, read.error);
    const first = read.faults[0];
    if (first !== undefined && read.sessions.length === 0) {
      return this.#forget(first.reason, `${first.id}: ${first.error}`);
    }
    const snapshot = this.#snapshotOf(read);
    const modified = version.state.mtime === null ? null : version.state.mtime.getTime() / 1000;
    const readDuration = (this.#options.clock.monotonic() - version.at) / 1000;
    const path = this.#folder;
    const result = { ok: true, source: "logind", snapshot, path, modified, readDuration } as const;
    this.#last = { result, version, snapshot };
    return result;
  }

  /** The snapshot of the files; the same object as before when it is the same. */
  #snapshotOf({ sessions, faults }: SessionFiles): LogindSnapshot {
    const snapshot = snapshotOfLogind(sessions.map(({ outcome }) => outcome), faults.length);
    if (this.#last !== null && isSame(this.#last.snapshot, snapshot)) return this.#last.snapshot;
    this.#options.recordLog.logLogind(sessions, { path: this.#folder });
    this.#logFaults(faults);
    return snapshot;
  }

  #forget(reason: FailureReason, error: string): LogindReadResult {
    this.#last = null;
    const advice = ADVICE[reason];
    return { ok: false, failure: { source: "logind", path: this.#folder, reason, error, advice } };
  }

  /** One line when the number of faults changes. */
  #logFaults(faults: readonly FaultyFile[]): void {
    if (faults.length === this.#loggedFaults) return;
    this.#loggedFaults = faults.length;
    const { log } = this.#options;
    const path = this.#folder;
    const first = faults[0];
    if (first === undefined) {
      log.info("every session file can be read again", { path });
    } else {
      const { id, error } = first;
      const advice = "look at the file; it belongs to systemd-logind and is readable by all";
      log.warn("session files cannot be read and are left out", {
        path,
        faults: faults.length,
        first: id,
        error,
        advice,
      });
    }
  }
}

/** Whether both hold the same, compared piece by piece: as one text they could be large. */
function isSame(a: LogindSnapshot, b: LogindSnapshot): boolean {
  const pieces = ["sessions", "closing", "displays"] as const;
  return a.faults === b.faults && pieces.every((name) =>
    a[name].length === b[name].length &&
    a[name].every((piece, i) => JSON.stringify(piece) === JSON.stringify(b[name][i]))
  );
}
