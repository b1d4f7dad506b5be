// @ts-types="../declarations/std_async_pool.d.ts"
import { pooledMap } from "@std/async/pool";
import { BOOT_TOLERANCE, isBeforeClockWasSet } from "../sessions/boot_time.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { LogOnChange } from "../log_on_change.ts";
import { decodeBootTime, type ProcessStat } from "../procfs/process_stat.ts";
import type { Session } from "../sessions/session.ts";
import type { Snapshot } from "../sessions/snapshot.ts";
import { CONCURRENCY, type Files } from "../files/files.ts";
import { isGone, type Processes, ProcessFiles } from "./proc_files.ts";
import { Terminals } from "./terminals.ts";

/** The kernel's first thread. The procfs of a container does not show it. */
const KERNEL_THREAD = { pid: 2, name: "kthreadd" } as const;

/** A process belongs to a record if it started at most this long before the login, in seconds. */
export const LOGIN_GRACE = 120;

/** A login process may seem to start this long after its login, in seconds, because both times are rounded. */
const START_SLACK = 2;

/** What procfs shows about the sessions of a snapshot. */
export interface ProcessFacts {
  /** Sessions whose process is gone. */
  readonly stale: ReadonlySet<Session>;
  /** Lines of sessions whose source has none. */
  readonly lines: ReadonlyMap<Session, string>;
  /** The kernel's time of boot, in seconds since the epoch; null if not known. */
  readonly bootTime: number | null;
}

const NOTHING_TO_CHECK: ProcessFacts = { stale: new Set(), lines: new Map(), bootTime: null };

/**
 * Checks the processes of sessions in the procfs of the machine that wrote the records. It is used only after
 * it was confirmed to be of that machine: with the process ids of another machine, or of a container, every
 * session would look stale.
 */
export class ProcessChecker {
  readonly #path: string;
  readonly #files: ProcessFiles;
  readonly #terminals: Terminals;
  readonly #log: Log;
  /** Why the last read checked nothing; null if it checked. */
  readonly #problem = new LogOnChange<string | null>(null);
  /** The time of the boot for which this procfs was confirmed to match the records. */
  #confirmedBoot: number | null = null;

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

  /** Checks the processes of the sessions. Null if it cannot be confirmed that this procfs has them. */
  async read(snapshot: Snapshot): Promise<ProcessFacts | null> {
    const bootTime = decodeBootTime(await this.#files.textOf("stat") ?? "");
    if (bootTime === null || (await this.#files.statOf(1) ?? null) === null) {
      const advice = "mount the /proc of the host there, without hidepid";
      return this.#fail("this is not a procfs that shows all processes", advice);
    }
    const processes = await this.#processesOf(snapshot.sessions);
    const isHost = (await this.#files.statOf(KERNEL_THREAD.pid))?.name === KERNEL_THREAD.name;
    if (
      !isSameBoot(this.#confirmedBoot, bootTime) &&
      !(isHost && isBootOf(snapshot, bootTime)) &&
      !hasLoginOf(snapshot, { bootTime, processes })
    ) {
      if (snapshot.sessions.length === 0) return NOTHING_TO_CHECK;
      const advice =
        "mount the /proc of the machine that writes the records, not that of a container";
      return this.#fail(
        "cannot confirm that the procfs and the records are of the same machine",
        advice,
      );
    }
    this.#confirmedBoot = bootTime;
    this.#problem.update(null, () => {
      this.#log.info("stale sessions are detected again", { path: this.#path });
    });
    const stale = snapshot.sessions.filter((session) => isGone(session, processes));
    return {
      stale: new Set(stale),
      lines: await this.#terminals.linesOf(snapshot.sessions, processes),
      bootTime,
    };
  }

  /** Logs once why nothing is checked. */
  #fail(error: string, advice: string): null {
    this.#problem.update(error, () => {
      this.#log.warn("stale sessions are not detected", { path: this.#path, error, advice });
    });
    return null;
  }

  /** The processes of the sessions that have a process id. */
  async #processesOf(sessions: readonly Session[]): Promise<Processes> {
    const ids = new Set(sessions.flatMap(({ pid }) => pid === null ? [] : [pid]));
    const processes = new Map<number, ProcessStat | null>();
    const check = async (pid: number): Promise<void> => {
      const process = await this.#files.statOf(pid);
      if (process !== undefined) processes.set(pid, process);
    };
    for await (const _ of pooledMap(CONCURRENCY, ids, check));
    return processes;
  }
}

/** Whether the boot record is of this boot. A record from before the clock was set is assumed to be. */
function isBootOf({ bootTime: recorded }: Snapshot, bootTime: number): boolean {
  return recorded !== null && (isBeforeClockWasSet(recorded) || isSameBoot(recorded, bootTime));
}

/** Whether both times are of the same boot. The kernel's time of boot changes a little when the clock is set. */
function isSameBoot(known: number | null, bootTime: number): boolean {
  return known !== null && Math.abs(known - bootTime) <= BOOT_TOLERANCE;
}

/** Whether the process of a session started shortly before its login. In another procfs it would not. */
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
