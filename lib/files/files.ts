import type { FailureReason } from "../sessions/snapshot.ts";

/** Larger files are not read. In bytes; 160,000 records of 400 bytes. */
export const MAX_FILE_SIZE = 64 * 1024 * 1024;

/** The number of files that are read at the same time. */
export const CONCURRENCY = 32;

/** The file system functions that the program uses; `Deno` has them. */
export interface Files {
  readonly stat: (path: string) => Promise<FileState>;
  /** Like stat, but does not follow links. */
  readonly lstat: (path: string) => Promise<FileState>;
  readonly readFile: (path: string) => Promise<Uint8Array>;
  readonly readDir: (path: string) => AsyncIterable<Pick<Deno.DirEntry, "name" | "isFile">>;
}

/** The part of `Deno.FileInfo` that identifies a file and its version. */
export type FileState = Pick<
  Deno.FileInfo,
  "isFile" | "isDirectory" | "isCharDevice" | "size" | "atime" | "mtime" | "ctime" | "dev" | "ino"
>;

/** Why a file could not be read. */
export interface FileFailure {
  readonly ok: false;
  readonly reason: FailureReason;
  readonly error: string;
}

/** The state of a file that can be read, or why it cannot be read. */
export type StatOutcome = { readonly ok: true; readonly state: FileState } | FileFailure;

/** The bytes of a file, or why it could not be read. */
export type ReadOutcome = { readonly ok: true; readonly bytes: Uint8Array } | FileFailure;

/**
 * The state of a regular file of at most `maxSize` bytes; anything else is a failure. Does not open the file,
 * because opening a FIFO blocks. Does not reject.
 */
export async function statRegularFile(
  files: Pick<Files, "stat">,
  path: string,
  maxSize = MAX_FILE_SIZE,
): Promise<StatOutcome> {
  try {
    const state = await files.stat(path);
    if (!state.isFile) {
      const found = state.isDirectory ? "a directory" : "a FIFO, socket or device";
      return { ok: false, reason: "not_regular", error: `it is ${found}` };
    }
    return state.size > maxSize ? tooLarge(state.size, maxSize) : { ok: true, state };
  } catch (error) {
    return failureOf(error);
  }
}

/** Reads a file that {@link statRegularFile} accepted. Does not reject. */
export async function readRegularFile(
  files: Pick<Files, "readFile">,
  path: string,
  maxSize = MAX_FILE_SIZE,
): Promise<ReadOutcome> {
  try {
    const bytes = await files.readFile(path);
    return bytes.length > maxSize ? tooLarge(bytes.length, maxSize) : { ok: true, bytes };
  } catch (error) {
    return failureOf(error);
  }
}

function tooLarge(size: number, maxSize: number): FileFailure {
  return { ok: false, reason: "too_large", error: `${size} bytes are more than ${maxSize}` };
}

/** The failure for an error of the file system. */
export function failureOf(error: unknown): FileFailure {
  return { ok: false, reason: reasonOf(error), error: String(error) };
}

function reasonOf(error: unknown): FailureReason {
  if (error instanceof Deno.errors.NotFound) return "missing";
  if (error instanceof Deno.errors.NotADirectory) return "missing";
  if (error instanceof Deno.errors.PermissionDenied) return "denied";
  if (error instanceof Deno.errors.NotCapable) return "denied";
  if (error instanceof Deno.errors.IsADirectory) return "not_regular";
  return "io";
}
