import type { Files, FileState } from "../../lib/files/files.ts";
import { fileState } from "./fake_files.ts";

/** An entry of a {@link FakeTree}: the bytes or text of a file, an error, or a state. */
export type FakeEntry = string | Uint8Array | Error | FileState;

/** A file system in memory. A folder exists if something is below it. */
export class FakeTree implements Files {
  readonly entries = new Map<string, FakeEntry>();
  /** Times of everything in it, in milliseconds since the epoch. */
  modified = 0;
  reads = 0;

  constructor(entries: Readonly<Record<string, FakeEntry>> = {}) {
    for (const [path, entry] of Object.entries(entries)) this.entries.set(path, entry);
  }

  stat = (path: string): Promise<FileState> => {
    const entry = this.entries.get(path);
    if (entry instanceof Error) return Promise.reject(entry);
    if (typeof entry === "string" || entry instanceof Uint8Array) {
      return Promise.resolve(fileState(bytesOf(entry).length, this.modified));
    }
    if (entry !== undefined) return Promise.resolve(entry);
    if (!this.#namesIn(path).length) return Promise.reject(new Deno.errors.NotFound(path));
    const state = fileState(0, this.modified);
    return Promise.resolve({ ...state, isFile: false, isDirectory: true });
  };

  lstat = (path: string): Promise<FileState> => this.stat(path);

  readFile = (path: string): Promise<Uint8Array> => {
    this.reads++;
    const entry = this.entries.get(path);
    if (typeof entry === "string" || entry instanceof Uint8Array) {
      return Promise.resolve(bytesOf(entry));
    }
    return Promise.reject(entry instanceof Error ? entry : new Deno.errors.NotFound(path));
  };

  async *readDir(path: string): AsyncIterableIterator<{ name: string; isFile: boolean }> {
    for (const name of this.#namesIn(path)) {
      const entry = this.entries.get(`${path}/${name}`);
      const isFile = typeof entry === "string" || entry instanceof Uint8Array ||
        entry instanceof Error;
      yield await Promise.resolve({ name, isFile });
    }
  }

  #namesIn(path: string): readonly string[] {
    const below = [...this.entries.keys()].filter((name) => name.startsWith(`${path}/`));
    return [...new Set(below.map((name) => name.slice(path.length + 1).split("/", 1)[0] ?? ""))];
  }
}

function bytesOf(entry: string | Uint8Array): Uint8Array {
  return typeof entry === "string" ? new TextEncoder().encode(entry) : entry;
}
