import { decodeProcessStat, type ProcessStat } from "../procfs/process_stat.ts";
import type { Session } from "../sessions/session.ts";
import { type Files, readRegularFile } from "../files/files.ts";

/** Processes by id: null for a process that has ended; no entry for one that cannot be read. */
export type Processes = ReadonlyMap<number, ProcessStat | null>;

const DECODER = new TextDecoder();

/** ESRCH in messages of Deno and Node. The process ended while its file was read. */
const NO_SUCH_PROCESS = /os error 3\b|\bESRCH\b/;

/** The files of a procfs about processes. */
export class ProcessFiles {
  readonly #path: string;
  readonly #files: Files;

  constructor({ path, files }: { readonly path: string; readonly files: Files }) {
    this.#path = path;
    this.#files = files;
  }

  /** A process; null if it has ended, undefined if it cannot be read. */
  async statOf(pid: number): Promise<ProcessStat | null | undefined> {
    const text = await this.textOf(`${pid}/stat`);
    return typeof text === "string" ? decodeProcessStat(text) : text;
  }

  /** The text of a file; null if it does not exist, undefined if it cannot be read. */
  async textOf(name: string): Promise<string | null | undefined> {
    const read = await readRegularFile(this.#files, `${this.#path}/${name}`);
    if (read.ok) return DECODER.decode(read.bytes);
    return read.reason === "missing" || NO_SUCH_PROCESS.test(read.error) ? null : undefined;
  }
}

/** Whether the process of a session has ended. */
export function isGone({ pid }: Session, processes: Processes): boolean {
  return pid !== null && processes.get(pid) === null;
}
