import type { Clock } from "../../lib/clock.ts";
import { configureLog, type LevelName, type Log } from "../../lib/log.ts";
import { RecordLog } from "../../lib/sources/record_log.ts";
import { EVERYBODY } from "../../lib/sessions/user_filter.ts";

/** The start of a {@link TestClock}, in milliseconds since the epoch. */
export const START = 1_800_000_000_000;

/** A clock that a test advances. */
export class TestClock implements Clock {
  #passed = 0;
  epoch = (): number => START + this.#passed;
  monotonic = (): number => this.#passed;

  pass(milliseconds: number): void {
    this.#passed += milliseconds;
  }
}

/** A log that keeps its lines. */
export interface KeptLog {
  readonly log: Log;
  readonly recordLog: RecordLog;
  readonly lines: string[];
  /** The lines from `msg=` on. */
  readonly messages: () => readonly string[];
}

/** A log at this level, with records of every user. */
export function keptLog(level: LevelName = "info"): KeptLog {
  const lines: string[] = [];
  const log = configureLog({ level, format: "logfmt", write: (line) => lines.push(line) });
  const recordLog = new RecordLog(log, { dropped: new Set(), filter: EVERYBODY });
  const messages = (): readonly string[] =>
    lines.map((line) => line.replace(/^.* msg=/, "").trimEnd());
  return { log, recordLog, lines, messages };
}
