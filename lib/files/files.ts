import type { FailureReason } from "../sessions/snapshot.ts";

/** Files above this size are not read: 400 bytes times 160,000 records. In bytes. */
export const MAX_FILE_SIZE = 64 * 1024 * 1024;

/** How many files are looked at or read at a time. */
export const CONCURRENCY = 32;

/** What the program asks of the file system; `Deno` is one. */
export interface Files {
  readonly stat: (path: string) => Promise<FileState>;
  /** As stat, without following a link. */
  readonly lstat: (path: string) => Promise<FileState>;
  readonly readFile: (path: string) => Promise<Uint8Array>;
  readonly readDir: (path: string) => AsyncIterable<Pick<Deno.DirEntry, "name" | "isFile">>;
}

/** The part of `Deno.FileInfo` that tells files and their versions apart. */
export type FileState = Pick<
  Deno.FileInfo,
  "isFile" | "isDirectory" | "isCharDevice" | "size" | "atime" | "mtime" | "ctime" | "dev" | "ino"
>;

/** Why a file cannot be had. */
export interface FileFailure {
  readonly ok: false;
  readonly reason: FailureReason;
  readonly error: string;
}

/** A file that may be read, or why not. */
export type StatOutcome = { readonly ok: true; readonly state: FileState } | FileFailure;

/** The bytes of a file, or why there are none. */
export type ReadOutcome = { readonly ok: true; readonly bytes: Uint8Array } | FileFailure;

/**
 * Looks at a path without opening it, since opening a FIFO blocks. Only a regular file of at most
 * `maxSize` bytes is accepted. Does not throw.
 */
export async function statRegularFile(
  files: Files,
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

/** Reads a file that {@link statRegularFile} accepted. Does not throw. */
export async function readRegularFile(
  files: Files,
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
  return { ok: false, reason: "too_large", error: `${size} bytes are over ${maxSize}` };
}

/** What an error of the file system means. */
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
