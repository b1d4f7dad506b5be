import type { Files, FileState } from "../../lib/files/files.ts";

/** A file system of one file, which a test changes. Counts the calls. */
export class FakeFiles implements Files {
  /** The result of stat, or its error. */
  state: FileState | Error;
  /** The result of readFile, or its error. */
  content: Uint8Array | Error;
  stats = 0;
  reads = 0;

  constructor(content: Uint8Array, modified: number) {
    this.content = content;
    this.state = fileState(content.length, modified);
  }

  stat = (): Promise<FileState> => {
    this.stats++;
    return this.state instanceof Error ? Promise.reject(this.state) : Promise.resolve(this.state);
  };

  lstat = (): Promise<FileState> => this.stat();

  readDir = (): never => {
    throw new Deno.errors.NotADirectory();
  };

  readFile = (): Promise<Uint8Array> => {
    this.reads++;
    return this.content instanceof Error
      ? Promise.reject(this.content)
      : Promise.resolve(this.content);
  };
}

/** The state of a regular file; `modified` in milliseconds since the epoch. */
export function fileState(size: number, modified: number): FileState {
  const time = new Date(modified);
  const times = { atime: time, mtime: time, ctime: time };
  return { isFile: true, isDirectory: false, isCharDevice: false, size, ...times, dev: 1, ino: 1 };
}
