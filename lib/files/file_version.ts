import type { Clock } from "../clock.ts";
import type { FileState } from "./files.ts";

/** An unchanged file is read again after this time, in milliseconds. */
export const MAX_AGE = 15_000;

/**
 * A file that was modified less than this before a read may change again without a new modification time. Its
 * resolution is two seconds on FAT, and one second on ext3 and some NFS servers. In milliseconds.
 */
export const SETTLING_TIME = 2_000;

/** The state of a file when a read started. */
export interface FileVersion {
  readonly state: FileState;
  /** When the read started, in monotonic milliseconds. */
  readonly at: number;
  /** Whether its times were so old that the next change must give it new ones. */
  readonly settled: boolean;
}

/** The version of a read that starts now, in the state that was just returned by stat. */
export function versionOf(state: FileState, clock: Clock): FileVersion {
  const now = clock.epoch();
  const changed = Math.max(state.mtime?.getTime() ?? now, state.ctime?.getTime() ?? now);
  return { state, at: clock.monotonic(), settled: now - changed >= SETTLING_TIME };
}

/** Whether a file in this state certainly has the content that was read. */
export function isCurrent(read: FileVersion, state: FileState, clock: Clock): boolean {
  return read.settled && clock.monotonic() - read.at < MAX_AGE && isSameState(read.state, state);
}

/** Whether two states of a file are the same. */
export function isSameState(a: FileState, b: FileState): boolean {
  return a.size === b.size && a.mtime?.getTime() === b.mtime?.getTime() &&
    a.ctime?.getTime() === b.ctime?.getTime() && a.dev === b.dev && a.ino === b.ino;
}
