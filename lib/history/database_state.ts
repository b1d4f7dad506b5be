import type { Clock } from "../clock.ts";
import { type FileVersion, isSameState, versionOf } from "../files/file_version.ts";
import {
  failureOf,
  type FileFailure,
  type Files,
  type FileState,
  statRegularFile,
} from "../files/files.ts";

/** The state of an SQLite database: of its file, and of its write-ahead log, which is null if there is none. */
export interface DatabaseState {
  /** The path of the file without links. SQLite has the log and the journal beside the file, not beside a link. */
  readonly path: string;
  readonly file: FileState;
  readonly log: FileState | null;
}

/** The file system functions that tell whether a database has changed. */
export interface DatabaseStats extends Pick<Files, "stat"> {
  /** The absolute path of a file, without links. */
  readonly realPath: (path: string) => Promise<string>;
}

/** The state of a database when a read started. */
export interface DatabaseVersion {
  readonly path: string;
  readonly file: FileVersion;
  readonly log: FileVersion | null;
}

/**
 * The state of the database at a path, which may be a link. Fails if it is no regular file. Does not reject.
 *
 * A commit changes the file, or in WAL mode the log.
 */
export async function statDatabase(
  files: DatabaseStats,
  link: string,
): Promise<{ readonly ok: true; readonly state: DatabaseState } | FileFailure> {
  let path: string;
  try {
    path = await files.realPath(link);
  } catch (error) {
    return failureOf(error);
  }
  const found = await statRegularFile(files, path, Infinity);
  if (!found.ok) return found;
  const log = await statIfPresent(files, `${path}-wal`);
  return log.ok ? { ok: true, state: { path, file: found.state, log: log.state } } : log;
}

/** The state of a file; null if there is none. */
export async function statIfPresent(
  files: Pick<Files, "stat">,
  path: string,
): Promise<{ readonly ok: true; readonly state: FileState | null } | FileFailure> {
  try {
    return { ok: true, state: await files.stat(path) };
  } catch (error) {
    const failure = failureOf(error);
    return failure.reason === "missing" ? { ok: true, state: null } : failure;
  }
}

/** The version of a read that starts now, in the state that was just returned by stat. */
export function versionOfDatabase(
  { path, file, log }: DatabaseState,
  clock: Clock,
): DatabaseVersion {
  return {
    path,
    file: versionOf(file, clock),
    log: log === null ? null : versionOf(log, clock),
  };
}

/** Whether a database in this state certainly has the content that was read. */
export function isUnchanged({ path, file, log }: DatabaseVersion, state: DatabaseState): boolean {
  const isSettled = file.settled && (log?.settled ?? true);
  const read = { path, file: file.state, log: log?.state ?? null };
  return isSettled && isSameDatabaseState(read, state);
}

/** Whether two states of a database are the same. */
export function isSameDatabaseState(a: DatabaseState, b: DatabaseState): boolean {
  const isSameLog = a.log === null || b.log === null ? a.log === b.log : isSameState(a.log, b.log);
  return isSameLog && isSameState(a.file, b.file) && a.path === b.path;
}
