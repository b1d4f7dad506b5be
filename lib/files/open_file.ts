import {
  failureOf,
  type FileFailure,
  type Files,
  type FileState,
  statRegularFile,
} from "./files.ts";

/** An open file, of which parts are read; `Deno.FsFile` is one. */
export interface OpenFile {
  readonly stat: () => Promise<FileState>;
  /** Moves the position of the next read to `offset` bytes from the start. */
  readonly seek: (offset: number, whence: Deno.SeekMode) => Promise<number>;
  /** Reads at most `buffer.length` bytes. Gives their number, and null at the end of the file. */
  readonly read: (buffer: Uint8Array<ArrayBuffer>) => Promise<number | null>;
  readonly close: () => void;
}

/** The file system functions that read parts of a file; `Deno` has them. */
export interface FileOpener extends Pick<Files, "stat"> {
  readonly open: (path: string, options: { readonly read: true }) => Promise<OpenFile>;
}

/** A regular file that was opened, and its state; or why it cannot be read. */
export type OpenOutcome =
  | { readonly ok: true; readonly file: OpenFile; readonly state: FileState }
  | FileFailure;

/** `Deno.SeekMode.Start`. Node has no such object. */
const FROM_START = 0;

/**
 * Opens a regular file of any size; anything else is a failure, and is not opened, because opening a FIFO blocks.
 * Does not reject.
 */
export async function openRegularFile(files: FileOpener, path: string): Promise<OpenOutcome> {
  const found = await statRegularFile(files, path, Infinity);
  if (!found.ok) return found;
  try {
    const file = await files.open(path, { read: true });
    try {
      // The path may be another file by now.
      return { ok: true, file, state: await file.stat() };
    } catch (error) {
      file.close();
      throw error;
    }
  } catch (error) {
    return failureOf(error);
  }
}

/**
 * Reads from `offset` until the buffer is full or the file ends. Gives the bytes that were read, a part of the
 * buffer. Rejects as the file does.
 */
export async function readAt(
  file: OpenFile,
  buffer: Uint8Array<ArrayBuffer>,
  offset: number,
): Promise<Uint8Array<ArrayBuffer>> {
  await file.seek(offset, FROM_START);
  let length = 0;
  while (length < buffer.length) {
    const read = await file.read(buffer.subarray(length));
    if (read === null || read === 0) break;
    length += read;
  }
  return buffer.subarray(0, length);
}
