import { decodeProcessStat, type ProcessStat } from "../procfs/process_stat.ts";
import type { Session } from "../sessions/session.ts";
import { type Files, readRegularFile } from "../files/files.ts";

/** What is known of processes by their id: null for one that is gone, nothing for one that cannot be read. */
export type Processes = ReadonlyMap<number, ProcessStat | null>;

const DECODER = new TextDecoder();

/** ESRCH, which a process gives that ends while its file is read, as Deno and as Node say it. */
const NO_SUCH_PROCESS = /os error 3\b|\bESRCH\b/;

/** The files of a procfs about processes. */
export class ProcessFiles {
  readonly #path: string;
  readonly #files: Files;

  constructor({ path, files }: { readonly path: string; readonly files: Files }) {
    this.#path = path;
    this.#files = files;
  }

  /** A process; null for one that is gone, undefined for one that cannot be read. */
  async statOf(pid: number): Promise<ProcessStat | null | undefined> {
    const text = await this.textOf(`${pid}/stat`);
    return typeof text === "string" ? decodeProcessStat(text) : text;
  }

  /** The text of a file; null for one that is gone, undefined for one that cannot be read. */
  async textOf(name: string): Promise<string | null | undefined> {
    const read = await readRegularFile(this.#files, `${this.#path}/${name}`);
    if (read.ok) return DECODER.decode(read.bytes);
    return read.reason === "missing" || NO_SUCH_PROCESS.test(read.error) ? null : undefined;
  }
}

/** Whether a session names a process that is gone. */
export function isGone({ pid }: Session, processes: Processes): boolean {
  return pid !== null && processes.get(pid) === null;
}
