// @ts-types="../declarations/std_async_pool.d.ts"
import { pooledMap } from "@std/async/pool";
import { decodeSessionFile, type LogindSession, SESSION_ID } from "../logind/session_file.ts";
import { type LogindOutcome, sessionOfLogind } from "../sessions/from_logind.ts";
import {
  CONCURRENCY,
  type FileFailure,
  type Files,
  readRegularFile,
  statRegularFile,
} from "../files/files.ts";

/** A larger session file is a fault. In bytes; logind writes less than 1 KiB. */
export const MAX_SESSION_FILE_SIZE = 8 * 1024;

/**
 * A directory with more files is not read. It is logind's own limit of sessions (`SessionsMax` in
 * logind.conf(5)). Reading as many takes a quarter of the timeout of a source.
 */
export const MAX_SESSION_FILES = 8_192;

/** A session file that could be decoded, and its outcome. Its name is the id of the session. */
export interface SessionFile {
  readonly id: string;
  readonly session: LogindSession;
  readonly outcome: LogindOutcome;
}

/** Session files that could be decoded, and those that could not. */
export interface SessionFiles {
  readonly sessions: readonly SessionFile[];
  readonly faults: readonly FaultyFile[];
}

/** A session file that could not be read or decoded. */
export interface FaultyFile extends FileFailure {
  readonly id: string;
}

/** The session files of a directory, or why it could not be read. */
export type SessionFilesOutcome = (SessionFiles & { readonly ok: true }) | FileFailure;

/**
 * Reads the session files in a directory of systemd-logind. Rejects with the error of the file system if the
 * directory cannot be listed.
 */
export async function readSessionFiles(
  files: Files,
  directory: string,
): Promise<SessionFilesOutcome> {
  const ids = await idsIn(files, directory);
  if (ids.length > MAX_SESSION_FILES) {
    return {
      ok: false,
      reason: "too_large",
      error: `more than ${MAX_SESSION_FILES} session files`,
    };
  }
  const sessions: SessionFile[] = [];
  const faults: FaultyFile[] = [];
  const read = (id: string): ReturnType<typeof readSessionFile> =>
    readSessionFile(files, { directory, id });
  for await (const outcome of pooledMap(CONCURRENCY, ids, read)) {
    if (outcome === null) continue;
    if ("session" in outcome) sessions.push(outcome);
    else faults.push(outcome);
  }
  return { ok: true, sessions, faults };
}

/** The ids of the sessions, sorted. FIFOs (`ID.ref`, before systemd 258) and temporary files are ignored. */
async function idsIn(files: Files, directory: string): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { name, isFile } of files.readDir(directory)) {
    if (isFile && SESSION_ID.test(name)) ids.push(name);
    if (ids.length > MAX_SESSION_FILES) break;
  }
  return ids.sort();
}

/** Null for a file that was removed after it was listed: the session has ended. */
async function readSessionFile(
  files: Files,
  { directory, id }: { readonly directory: string; readonly id: string },
): Promise<SessionFile | FaultyFile | null> {
  const path = `${directory}/${id}`;
  const found = await statRegularFile(files, path, MAX_SESSION_FILE_SIZE);
  const read = found.ok ? await readRegularFile(files, path, MAX_SESSION_FILE_SIZE) : found;
  if (!read.ok) return read.reason === "missing" ? null : { id, ...read };
  const decoded = decodeSessionFile(read.bytes);
  return decoded.ok
    ? { id, session: decoded.session, outcome: sessionOfLogind(decoded.session) }
    : { id, ok: false, reason: "malformed", error: decoded.why };
}
