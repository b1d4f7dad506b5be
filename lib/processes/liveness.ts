// @ts-types="../declarations/std_async_pool.d.ts"
import { pooledMap } from "@std/async/pool";
import { BOOT_TOLERANCE, isBeforeClockWasSet } from "../sessions/boot_time.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { decodeBootTime, type ProcessStat } from "../procfs/process_stat.ts";
import type { Session } from "../sessions/session.ts";
import type { Snapshot } from "../sessions/snapshot.ts";
import { CONCURRENCY, type Files } from "../files/files.ts";
import { isGone, type Processes, ProcessFiles } from "./proc_files.ts";
import { Terminals } from "./terminals.ts";

/** The kernel's first thread, which only the processes of a whole machine have, not those of a container. */
const KERNEL_THREAD = { pid: 2, name: "kthreadd" } as const;

/** A login process that started so long before its login, in seconds, is surely that of the record. */
export const LOGIN_GRACE = 120;

/** A login process may seem to start this much after its login, in seconds: ticks and clocks are rounded. */
const START_SLACK = 2;

/** What the processes tell about the sessions of a snapshot. */
export interface ProcessFacts {
  /** Sessions whose process is gone. */
  readonly stale: ReadonlySet<Session>;
  /** Lines of sessions whose source does not name one. */
  readonly lines: ReadonlyMap<Session, string>;
  /** Time of boot by the kernel, in seconds since the epoch. */
  readonly bootTime: number | null;
}

const NOTHING_TO_CHECK: ProcessFacts = { stale: new Set(), lines: new Map(), bootTime: null };

/**
 * The procfs of the machine that wrote the records, mounted where the program may read. Nothing is
 * believed before it is shown to be of that machine: process ids of another one, or of a container,
 * would make every session look stale.
 */
export class ProcfsSource {
  readonly #path: string;
  readonly #files: ProcessFiles;
  readonly #terminals: Terminals;
  readonly #log: Log;
  /** Why nothing was checked, as it was logged; null where the last look checked. */
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
    this.#files = new ProcessFiles({ path, files });
    this.#terminals = new Terminals({ files: this.#files, clock });
    this.#log = log;
  }

  /** Looks at the processes of the sessions; null where this procfs cannot be shown to be theirs. */
  async read(snapshot: Snapshot): Promise<ProcessFacts | null> {
    const bootTime = decodeBootTime(await this.#files.textOf("stat") ?? "");
    if (bootTime === null || (await this.#files.statOf(1) ?? null) === null) {
      const advice = "mount the /proc of the host there, without hidepid";
      return this.#refuse("this is no procfs that shows all processes", advice);
    }
    const processes = await this.#processesOf(snapshot.sessions);
    const isHost = (await this.#files.statOf(KERNEL_THREAD.pid))?.name === KERNEL_THREAD.name;
    if (
      !isSameBoot(this.#provenBoot, bootTime) &&
      !(isHost && isBootOf(snapshot, bootTime)) &&
      !hasLoginOf(snapshot, { bootTime, processes })
    ) {
      if (snapshot.sessions.length === 0) return NOTHING_TO_CHECK;
      const advice =
        "mount the /proc of the machine that writes the records, not that of a container";
      return this.#refuse("the procfs cannot be shown to be of the machine of the records", advice);
    }
    this.#provenBoot = bootTime;
    if (this.#said !== null) {
      this.#log.info("stale sessions are looked for again", { path: this.#path });
    }
    this.#said = null;
    const stale = snapshot.sessions.filter((session) => isGone(session, processes));
    return {
      stale: new Set(stale),
      lines: await this.#terminals.linesOf(snapshot.sessions, processes),
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
    const result = async (pid: number): Promise<void> => {
      const process = await this.#files.statOf(pid);
      if (process !== undefined) processes.set(pid, process);
    };
    for await (const _ of pooledMap(CONCURRENCY, ids, result));
    return processes;
  }
}

/**
 * Whether the boot record is of this boot. One from before the clock was set says nothing against it, and the
 * machine that wrote it has no other.
 */
function isBootOf({ bootTime: recorded }: Snapshot, bootTime: number): boolean {
  return recorded !== null && (isBeforeClockWasSet(recorded) || isSameBoot(recorded, bootTime));
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
