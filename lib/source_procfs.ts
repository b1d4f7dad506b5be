// @ts-types="./declarations/std_async_pool.d.ts"
import { pooledMap } from "@std/async/pool";
import type { Clock } from "./clock.ts";
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

/** How many processes are looked at for terminals in one look; the other sessions wait for the next. */
export const MAX_TERMINAL_LOOKS = 4_096;

/** How long after a login its shell may take to get its terminal, in milliseconds. */
export const TERMINAL_GRACE = 60_000;

/** What the processes tell about the sessions of a snapshot. */
export interface ProcessFacts {
  /** Sessions whose process is gone. */
  readonly stale: ReadonlySet<Session>;
  /** Lines of sessions whose source does not name one. */
  readonly lines: ReadonlyMap<Session, string>;
  /** Time of boot by the kernel, in seconds since the epoch. */
  readonly bootTime: number | null;
}

/** What is known of processes by their id: null for one that is gone, nothing for one that cannot be read. */
type Processes = ReadonlyMap<number, ProcessStat | null>;

/** The line below the leader of a session, null for none; and which process of that id the leader was. */
interface FoundLine {
  readonly startedAfterBoot: number;
  readonly line: string | null;
}

const NOTHING_TO_CHECK: ProcessFacts = { stale: new Set(), lines: new Map(), bootTime: null };
const DECODER = new TextDecoder();

/** ESRCH, which a process gives that ends while its file is read. */
const NO_SUCH_PROCESS = /os error 3\b/;

/**
 * The procfs of the machine that wrote the records, mounted where the program may read. Nothing is
 * believed before it is shown to be of that machine: process ids of another one, or of a container,
 * would make every session look stale.
 */
export class ProcfsSource {
  readonly #path: string;
  readonly #files: Files;
  readonly #clock: Clock;
  readonly #log: Log;
  /** What was found below the leaders of sessions, by their ids. */
  #found = new Map<number, FoundLine>();
  /** What was logged last; null before the first look. */
  #said: string | null = null;
  /** The boot whose processes were shown to be those of the records, by its time. */
  #provenBoot: number | null = null;

  constructor(
    { path, files, clock, log }: {
      readonly path: string;
      readonly files: Files;
      readonly clock: Clock;
      readonly log: Log;
    },
  ) {
    this.#path = path;
    this.#files = files;
    this.#clock = clock;
    this.#log = log;
  }

  /** Looks at the processes of the sessions; null where this procfs cannot be shown to be theirs. */
  async look(snapshot: Snapshot): Promise<ProcessFacts | null> {
    const bootTime = decodeBootTime(await this.#textOf("stat") ?? "");
    if (bootTime === null || (await this.#statOf(1) ?? null) === null) {
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

  /** The process of each session that names one. */
  async #processesOf(sessions: readonly Session[]): Promise<Processes> {
    const ids = new Set(sessions.flatMap(({ pid }) => pid === null ? [] : [pid]));
    const processes = new Map<number, ProcessStat | null>();
    const look = async (pid: number): Promise<void> => {
      const process = await this.#statOf(pid);
      if (process !== undefined) processes.set(pid, process);
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
    const found = new Map<number, FoundLine>();
    const budget = { looks: MAX_TERMINAL_LOOKS };
    const look = async (session: Session): Promise<void> => {
      const { pid } = session;
      if (session.tty !== NONE || pid === null || isGone(session, processes)) return;
      const known = await this.#knownOrBelow(session, { pid, leader: processes.get(pid), budget });
      if (known === undefined) return;
      found.set(pid, known);
      if (known.line !== null) lines.set(session, known.line);
    };
    const isKnown = ({ pid }: Session): boolean => pid !== null && this.#found.has(pid);
    const newFirst = sessions.toSorted((a, b) => Number(isKnown(a)) - Number(isKnown(b)));
    for await (const _ of pooledMap(CONCURRENCY, newFirst, look));
    this.#found = found;
    return lines;
  }

  /**
   * What was found before, or is found now; nothing where that was too much for this look, or could not
   * be read. Only a session that began a short time ago can still get a terminal.
   */
  async #knownOrBelow(
    { loginTime }: Session,
    { pid, leader, budget }: {
      readonly pid: number;
      readonly leader: ProcessStat | null | undefined;
      readonly budget: { looks: number };
    },
  ): Promise<FoundLine | undefined> {
    const known = this.#found.get(pid);
    if (!leader) return known;
    const { startedAfterBoot } = leader;
    const isYoung = this.#clock.epoch() / 1000 - (loginTime ?? 0) < TERMINAL_GRACE / 1000;
    const isSame = known?.startedAfterBoot === startedAfterBoot;
    if (isSame && (known.line !== null || !isYoung)) return known;
    const line = await this.#lineBelow(pid, budget);
    return line === undefined ? undefined : { startedAfterBoot, line };
  }

  /**
   * The terminal of the first process with one, from the leader down, those nearest to it first. Null for
   * none, undefined where not all of them could be looked at.
   */
  async #lineBelow(
    leader: number,
    budget: { looks: number },
  ): Promise<string | null | undefined> {
    const queue = [leader];
    let isSure = true;
    for (let i = 0; i < queue.length && i < MAX_DESCENDANTS; i++) {
      if (budget.looks-- <= 0) return undefined;
      const pid = queue[i] ?? 0;
      const process = await this.#statOf(pid);
      const line = process ? lineOfDevice(process.terminal) : null;
      if (line !== null) return line;
      const children = await this.#textOf(`${pid}/task/${pid}/children`);
      isSure &&= process !== undefined && children !== undefined;
      queue.push(...numbersIn(children ?? ""));
    }
    return isSure ? null : undefined;
  }

  /** A process; null for one that is gone, undefined for one that cannot be read. */
  async #statOf(pid: number): Promise<ProcessStat | null | undefined> {
    const text = await this.#textOf(`${pid}/stat`);
    return typeof text === "string" ? decodeProcessStat(text) : text;
  }

  /** The text of a file; null for one that is gone, undefined for one that cannot be read. */
  async #textOf(name: string): Promise<string | null | undefined> {
    const read = await readRegularFile(this.#files, `${this.#path}/${name}`);
    if (read.ok) return DECODER.decode(read.bytes);
    return read.reason === "missing" || NO_SUCH_PROCESS.test(read.error) ? null : undefined;
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
