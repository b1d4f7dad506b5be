// @ts-types="../declarations/std_async_pool.d.ts"
import { pooledMap } from "@std/async/pool";
import type { Clock } from "../clock.ts";
import { lineOfDevice, type ProcessStat } from "../procfs/process_stat.ts";
import { NONE, type Session } from "../sessions/session.ts";
import { CONCURRENCY } from "../files/files.ts";
import { isGone, type Processes, type ProcessFiles } from "./proc_files.ts";

/** How many processes below the leader of a session are looked at for its terminal. */
const MAX_DESCENDANTS = 32;

/** How many processes are looked at for terminals in one look; the other sessions wait for the next. */
export const MAX_TERMINAL_LOOKS = 4_096;

/** How long after a login its shell may take to get its terminal, in milliseconds. */
export const TERMINAL_GRACE = 60_000;

/** The line below the leader of a session, null for none; and which process of that id the leader was. */
interface FoundLine {
  readonly startedAfterBoot: number;
  readonly line: string | null;
}

/** Finds the terminals of sessions whose source names none among the processes below their leaders. */
export class Terminals {
  readonly #files: ProcessFiles;
  readonly #clock: Clock;
  /** What was found below the leaders of sessions, by their ids. */
  #found = new Map<number, FoundLine>();

  constructor({ files, clock }: { readonly files: ProcessFiles; readonly clock: Clock }) {
    this.#files = files;
    this.#clock = clock;
  }

  /** The terminals of living sessions whose source names none. */
  async linesOf(
    sessions: readonly Session[],
    processes: Processes,
  ): Promise<ReadonlyMap<Session, string>> {
    const lines = new Map<Session, string>();
    const found = new Map<number, FoundLine>();
    const budget = { results: MAX_TERMINAL_LOOKS };
    const result = async (session: Session): Promise<void> => {
      const { pid } = session;
      if (session.tty !== NONE || pid === null || isGone(session, processes)) return;
      const known = await this.#knownOrBelow(session, { pid, leader: processes.get(pid), budget });
      if (known === undefined) return;
      found.set(pid, known);
      if (known.line !== null) lines.set(session, known.line);
    };
    const isKnown = ({ pid }: Session): boolean => pid !== null && this.#found.has(pid);
    const newFirst = sessions.toSorted((a, b) => Number(isKnown(a)) - Number(isKnown(b)));
    for await (const _ of pooledMap(CONCURRENCY, newFirst, result));
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
      readonly budget: { results: number };
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
    budget: { results: number },
  ): Promise<string | null | undefined> {
    const queue = [leader];
    let isSure = true;
    for (let i = 0; i < queue.length && i < MAX_DESCENDANTS; i++) {
      if (budget.results-- <= 0) return undefined;
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
