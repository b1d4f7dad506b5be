import type { Clock } from "../clock.ts";
import type { FileState } from "./files.ts";

/** A file that looks unchanged is read again after this time, in milliseconds. */
export const MAX_AGE = 15_000;

/**
 * A file modified less than this before it was read may change again without a new modification time:
 * file systems count it in ticks of up to two seconds (FAT; ext3 and some NFS servers have one second).
 * In milliseconds.
 */
export const SETTLING_TIME = 2_000;

/** A file as it was when a read of it began. */
export interface FileVersion {
  readonly state: FileState;
  /** Monotonic milliseconds. */
  readonly at: number;
  /** Whether its times were old enough for the next change to show in them. */
  readonly settled: boolean;
}

/** The version that a read gets which begins now, with the state that was seen just before. */
export function versionOf(state: FileState, clock: Clock): FileVersion {
  const now = clock.epoch();
  const changed = Math.max(state.mtime?.getTime() ?? now, state.ctime?.getTime() ?? now);
  return { state, at: clock.monotonic(), settled: now - changed >= SETTLING_TIME };
}

/** Whether what was read is surely what a file in this state holds. */
export function isCurrent(read: FileVersion, state: FileState, clock: Clock): boolean {
  return read.settled && clock.monotonic() - read.at < MAX_AGE && isSameState(read.state, state);
}

/** Whether a file looks as it did. */
export function isSameState(a: FileState, b: FileState): boolean {
  return a.size === b.size && a.mtime?.getTime() === b.mtime?.getTime() &&
    a.ctime?.getTime() === b.ctime?.getTime() && a.dev === b.dev && a.ino === b.ino;
}
