import type { FileState } from "../../lib/files/files.ts";
import type { FileOpener, OpenFile } from "../../lib/files/open_file.ts";
import { fileState } from "./fake_files.ts";

/** A file without its name. */
interface Inode {
  readonly number: number;
  bytes: Uint8Array<ArrayBuffer>;
  modified: number;
  /** What reads throw. */
  error: Error | null;
  /** What reads wait for. */
  hang: Promise<void> | null;
  kind: "file" | "directory" | "fifo";
}

/** A file system in memory in which files grow and are renamed while they are open. Counts what is asked of it. */
export class GrowingFiles implements FileOpener {
  readonly #inodes = new Map<string, Inode>();
  #numbers = 0;
  #time = 0;
  /** What opening throws. */
  denied: Error | null = null;
  stats = 0;
  opens = 0;
  /** The number of files that are open. */
  openFiles = 0;
  bytesRead = 0;
  /** What happens before the next read. */
  beforeRead: (() => void) | null = null;

  /** Makes a new file; an earlier file of that name stays only where it is open. */
  create(path: string, bytes = new Uint8Array(), kind: Inode["kind"] = "file"): void {
    const number = ++this.#numbers;
    const modified = ++this.#time;
    this.#inodes.set(path, { number, bytes, modified, error: null, hang: null, kind });
  }

  append(path: string, bytes: Uint8Array): void {
    const { bytes: before } = this.inode(path);
    const all = new Uint8Array(before.length + bytes.length);
    all.set(before);
    all.set(bytes, before.length);
    this.rewrite(path, all);
  }

  /** Replaces the content in place. */
  rewrite(path: string, bytes: Uint8Array<ArrayBuffer>): void {
    const inode = this.inode(path);
    inode.bytes = bytes;
    inode.modified = ++this.#time;
  }

  rename(from: string, to: string): void {
    this.#inodes.set(to, this.inode(from));
    this.#inodes.delete(from);
  }

  remove(path: string): void {
    this.#inodes.delete(path);
  }

  inode(path: string): Inode {
    const inode = this.#inodes.get(path);
    if (inode === undefined) throw new Deno.errors.NotFound(path);
    return inode;
  }

  stat = (path: string): Promise<FileState> => {
    this.stats++;
    return settled(() => stateOf(this.inode(path)));
  };

  open = (path: string): Promise<OpenFile> =>
    settled(() => {
      this.opens++;
      if (this.denied !== null) throw this.denied;
      this.openFiles++;
      return this.#opened(this.inode(path));
    });

  #opened(inode: Inode): OpenFile {
    let position = 0;
    return {
      stat: () => Promise.resolve(stateOf(inode)),
      seek: (offset) => Promise.resolve(position = offset),
      read: async (buffer) => {
        this.beforeRead?.();
        if (inode.hang !== null) await inode.hang;
        if (inode.error !== null) throw inode.error;
        const bytes = inode.bytes.subarray(position, position + buffer.length);
        buffer.set(bytes);
        position += bytes.length;
        this.bytesRead += bytes.length;
        return bytes.length === 0 ? null : bytes.length;
      },
      close: () => void this.openFiles--,
    };
  }
}

/** A promise of the result; what is thrown rejects it. */
function settled<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => resolve(work()));
}

function stateOf({ number, bytes, modified, kind }: Inode): FileState {
  const state = fileState(bytes.length, modified);
  return { ...state, ino: number, isFile: kind === "file", isDirectory: kind === "directory" };
}
