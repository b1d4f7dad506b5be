// @ts-types="../declarations/std_async_pool.d.ts"
import { pooledMap } from "@std/async/pool";
import type { Clock } from "../clock.ts";
import { lineOfDevice, type ProcessStat } from "../procfs/process_stat.ts";
import { NONE, type Session } from "../sessions/session.ts";
import { CONCURRENCY } from "../files/files.ts";
import { isGone, type Processes, type ProcessFiles } from "./proc_files.ts";

/** The maximum number of processes per session that are checked for a terminal, with the leader. */
const MAX_DESCENDANTS = 32;

/** The maximum number of processes per scrape that are checked for terminals. The next scrape checks the rest. */
export const MAX_TERMINAL_CHECKS = 4_096;

/** How long after a login its shell may still get a terminal, in milliseconds. */
export const TERMINAL_GRACE = 60_000;

/** The line of the processes below a leader; null for none. The start time identifies the leader. */
interface FoundLine {
  readonly startedAfterBoot: number;
  readonly line: string | null;
}

/** Finds the terminals of sessions whose source has none, in the processes below their leaders. */
export class Terminals {
  readonly #files: ProcessFiles;
  readonly #clock: Clock;
  /** The lines found so far, by the process id of the leader. */
  #found = new Map<number, FoundLine>();

  constructor({ files, clock }: { readonly files: ProcessFiles; readonly clock: Clock }) {
    this.#files = files;
    this.#clock = clock;
  }

  /** The terminals of sessions whose source has none and whose process still runs. */
  async linesOf(
    sessions: readonly Session[],
    processes: Processes,
  ): Promise<ReadonlyMap<Session, string>> {
    const lines = new Map<Session, string>();
    const found = new Map<number, FoundLine>();
    const budget = { checks: MAX_TERMINAL_CHECKS };
    const check = async (session: Session): Promise<void> => {
      const { pid } = session;
      if (session.tty !== NONE || pid === null || isGone(session, processes)) return;
      const known = await this.#knownOrBelow(session, { pid, leader: processes.get(pid), budget });
      if (known === undefined) return;
      found.set(pid, known);
      if (known.line !== null) lines.set(session, known.line);
    };
    const isKnown = ({ pid }: Session): boolean => pid !== null && this.#found.has(pid);
    const newFirst = sessions.toSorted((a, b) => Number(isKnown(a)) - Number(isKnown(b)));
    for await (const _ of pooledMap(CONCURRENCY, newFirst, check));
    this.#found = found;
    return lines;
  }

  /**
   * The line that was found before, or is found now; undefined if there are too many processes for this
   * scrape, or they cannot be read. Only a new session can still get a terminal.
   */
  async #knownOrBelow(
    { loginTime }: Session,
    { pid, leader, budget }: {
      readonly pid: number;
      readonly leader: ProcessStat | null | undefined;
      readonly budget: { checks: number };
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
   * The terminal of the first process that has one: the leader, its children, their children. Null for none,
   * undefined if not all of them could be checked.
   */
  async #lineBelow(
    leader: number,
    budget: { checks: number },
  ): Promise<string | null | undefined> {
    const queue = [leader];
    let isSure = true;
    for (let i = 0; i < queue.length && i < MAX_DESCENDANTS; i++) {
      if (budget.checks-- <= 0) return undefined;
      const pid = queue[i] ?? 0;
      const process = await this.#files.statOf(pid);
      const line = process ? lineOfDevice(process.terminal) : null;
      if (line !== null) return line;
      const children = await this.#files.textOf(`${pid}/task/${pid}/children`);
      isSure &&= process !== undefined && children !== undefined;
      queue.push(...numbersIn(children ?? ""));
    }
    return isSure ? null : undefined;
  }
}

function numbersIn(text: string): readonly number[] {
  return text.split(" ").filter((word) => /^\d+$/.test(word)).map(Number);
}
