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

/** A session file above this size is a fault; those of logind have less than 1 KiB. In bytes. */
export const MAX_SESSION_FILE_SIZE = 8 * 1024;

/**
 * A folder with more files than this is not read: logind has no more sessions by default (`SessionsMax` in
 * logind.conf(5)), and they are read in a fourth of the time that a source has.
 */
export const MAX_SESSION_FILES = 8_192;

/** A session file that could be decoded, and what it means; its name is the id of the session. */
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

/** A file that is there and is not shown. */
export interface FaultyFile extends FileFailure {
  readonly id: string;
}

/** The session files of a folder, or why it is not read. */
export type SessionFilesOutcome = (SessionFiles & { readonly ok: true }) | FileFailure;

/**
 * Finds and reads the session files in the folder that systemd-logind writes. Rejects with what the file
 * system says where the folder cannot be listed.
 */
export async function readSessionFiles(
  files: Files,
  folder: string,
): Promise<SessionFilesOutcome> {
  const ids = await idsIn(files, folder);
  if (ids.length > MAX_SESSION_FILES) {
    return { ok: false, reason: "too_large", error: `over ${MAX_SESSION_FILES} session files` };
  }
  const sessions: SessionFile[] = [];
  const faults: FaultyFile[] = [];
  const read = (id: string): ReturnType<typeof readSessionFile> =>
    readSessionFile(files, { folder, id });
  for await (const outcome of pooledMap(CONCURRENCY, ids, read)) {
    if (outcome === null) continue;
    if ("session" in outcome) sessions.push(outcome);
    else faults.push(outcome);
  }
  return { ok: true, sessions, faults };
}

/** The ids of sessions, sorted. FIFOs (`ID.ref`, before systemd 258) and temporary files are none. */
async function idsIn(files: Files, folder: string): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { name, isFile } of files.readDir(folder)) {
    if (isFile && SESSION_ID.test(name)) ids.push(name);
    if (ids.length > MAX_SESSION_FILES) break;
  }
  return ids.sort();
}

/** Null for a file that is gone since it was listed: that session has ended. */
async function readSessionFile(
  files: Files,
  { folder, id }: { readonly folder: string; readonly id: string },
): Promise<SessionFile | FaultyFile | null> {
  const path = `${folder}/${id}`;
  const found = await statRegularFile(files, path, MAX_SESSION_FILE_SIZE);
  const read = found.ok ? await readRegularFile(files, path, MAX_SESSION_FILE_SIZE) : found;
  if (!read.ok) return read.reason === "missing" ? null : { id, ...read };
  const decoded = decodeSessionFile(read.bytes);
  return decoded.ok
    ? { id, session: decoded.session, outcome: sessionOfLogind(decoded.session) }
    : { id, ok: false, reason: "malformed", error: decoded.why };
}
