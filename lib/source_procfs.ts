// @ts-types="./declarations/std_async_pool.d.ts"
import { pooledMap } from "@std/async/pool";
import type { Log } from "./log.ts";
import {
  decodeBootTime,
  decodeProcessStat,
  lineOfDevice,
  type ProcessStat,
} from "./procfs/process_stat.ts";
import { NONE, type Session } from "./session.ts";
import type { Snapshot } from "./snapshot.ts";
import { type Files, readRegularFile } from "./source_file.ts";

/** Boot times that differ by at most this are of the same boot: init writes its record a while after the kernel starts. In seconds. */
export const BOOT_TOLERANCE = 60;

/** The kernel's first thread, which only the processes of a whole machine have, not those of a container. */
const KERNEL_THREAD = { pid: 2, name: "kthreadd" } as const;

/** A login process that started so long before its login, in seconds, is surely that of the record. */
export const LOGIN_GRACE = 120;

/** A login process may seem to start this much after its login, in seconds: ticks and clocks are rounded. */
const START_SLACK = 2;

/** How many processes are looked at at a time. */
const CONCURRENCY = 32;

/** How many processes below the leader of a session are looked at for its terminal. */
const MAX_DESCENDANTS = 32;

/** What the processes tell about the sessions of a snapshot. */
export interface ProcessFacts {
  /** Sessions whose process is gone. */
  readonly stale: ReadonlySet<Session>;
  /** Lines of sessions whose source does not name one. */
  readonly lines: ReadonlyMap<Session, string>;
  /** Time of boot by the kernel, in seconds since the epoch. */
  readonly bootTime: number | null;
}

/** What is known of processes by their id; null for one that is gone. */
type Processes = ReadonlyMap<number, ProcessStat | null>;

const NOTHING_TO_CHECK: ProcessFacts = { stale: new Set(), lines: new Map(), bootTime: null };
const DECODER = new TextDecoder();

/**
 * The procfs of the machine that wrote the records, mounted where the program may read. Nothing is
 * believed before it is shown to be of that machine: process ids of another one, or of a container,
 * would make every session look stale.
 */
export class ProcfsSource {
  readonly #path: string;
  readonly #files: Files;
  readonly #log: Log;
  /** What was logged last; null before the first look. */
  #said: string | null = null;
  /** The boot whose processes were shown to be those of the records, by its time. */
  #provenBoot: number | null = null;

  constructor(
    { path, files, log }: { readonly path: string; readonly files: Files; readonly log: Log },
  ) {
    this.#path = path;
    this.#files = files;
    this.#log = log;
  }

  /** Looks at the processes of the sessions; null where this procfs cannot be shown to be theirs. */
  async look(snapshot: Snapshot): Promise<ProcessFacts | null> {
    const bootTime = decodeBootTime(await this.#read("stat"));
    if (bootTime === null || await this.#statOf(1) === null) {
      const advice = "mount the /proc of the host there, without hidepid";
      return this.#refuse("this is no procfs that shows all processes", advice);
    }
    const processes = await this.#processesOf(snapshot.sessions);
    const isHost = (await this.#statOf(KERNEL_THREAD.pid))?.name === KERNEL_THREAD.name;
    if (
      !isSameBoot(this.#provenBoot, bootTime) &&
      !(isHost && isSameBoot(snapshot.bootTime, bootTime)) &&
      !hasLoginOf(snapshot, { bootTime, processes })
    ) {
      if (snapshot.sessions.length === 0) return NOTHING_TO_CHECK;
      const advice =
        "mount the /proc of the machine that writes the records, not that of a container";
      return this.#refuse("the procfs cannot be shown to be of the machine of the records", advice);
    }
    this.#provenBoot = bootTime;
    this.#said = null;
    const stale = snapshot.sessions.filter((session) => isGone(session, processes));
    return {
      stale: new Set(stale),
      lines: await this.#linesOf(snapshot.sessions, processes),
      bootTime,
    };
  }

  /** Says once why nothing is checked. */
  #refuse(error: string, advice: string): null {
    if (this.#said !== error) {
      this.#log.warn("stale sessions are not looked for", { path: this.#path, error, advice });
    }
    this.#said = error;
    return null;
  }

  /** The process of each session that names one; null for one that is gone. */
  async #processesOf(sessions: readonly Session[]): Promise<Processes> {
    const ids = new Set(sessions.flatMap(({ pid }) => pid === null ? [] : [pid]));
    const processes = new Map<number, ProcessStat | null>();
    const look = async (pid: number): Promise<void> => {
      processes.set(pid, await this.#statOf(pid));
    };
    for await (const _ of pooledMap(CONCURRENCY, ids, look));
    return processes;
  }

  /** The terminals of living sessions whose source names none. */
  async #linesOf(
    sessions: readonly Session[],
    processes: Processes,
  ): Promise<ReadonlyMap<Session, string>> {
    const lines = new Map<Session, string>();
    for (const session of sessions) {
      if (session.tty !== NONE || session.pid === null || isGone(session, processes)) continue;
      const line = await this.#lineBelow(session.pid);
      if (line !== null) lines.set(session, line);
    }
    return lines;
  }

  /** The terminal of the first process with one, from the leader down, those nearest to it first. */
  async #lineBelow(leader: number): Promise<string | null> {
    const queue = [leader];
    for (let i = 0; i < queue.length && i < MAX_DESCENDANTS; i++) {
      const pid = queue[i] ?? 0;
      const process = await this.#statOf(pid);
      const line = process === null ? null : lineOfDevice(process.terminal);
      if (line !== null) return line;
      queue.push(...numbersIn(await this.#read(`${pid}/task/${pid}/children`)));
    }
    return null;
  }

  async #statOf(pid: number): Promise<ProcessStat | null> {
    return decodeProcessStat(await this.#read(`${pid}/stat`));
  }

  /** The text of a file; empty when it cannot be read. */
  async #read(name: string): Promise<string> {
    const read = await readRegularFile(this.#files, `${this.#path}/${name}`);
    return read.ok ? DECODER.decode(read.bytes) : "";
  }
}

/** Whether both are of one boot: the kernel's own time of it moves a little when the clock is set. */
function isSameBoot(known: number | null, bootTime: number): boolean {
  return known !== null && Math.abs(known - bootTime) <= BOOT_TOLERANCE;
}

/** Whether the process of a session started as it does before a login: no other procfs has such a one. */
function hasLoginOf(
  { sessions }: Snapshot,
  { bootTime, processes }: { readonly bootTime: number; readonly processes: Processes },
): boolean {
  return sessions.some(({ pid, loginTime }) => {
    const process = pid === null ? null : processes.get(pid) ?? null;
    if (process === null || loginTime === null) return false;
    const before = loginTime - (bootTime + process.startedAfterBoot);
    return before >= -START_SLACK && before <= LOGIN_GRACE;
  });
}

function isGone({ pid }: Session, processes: Processes): boolean {
  return pid !== null && processes.get(pid) === null;
}

function numbersIn(text: string): readonly number[] {
  return text.split(" ").filter((word) => /^\d+$/.test(word)).map(Number);
}
