/** The part of `/proc/PID/stat` that is used here (proc_pid_stat(5)). */
export interface ProcessStat {
  /** Name of the program, as the process may have set it. */
  readonly name: string;
  /** Device number of the controlling terminal; 0 when there is none. */
  readonly terminal: number;
  /** Seconds after boot at which the process started. */
  readonly startedAfterBoot: number;
}

/** Ticks per second in times for user space: USER_HZ, the same on every port of Linux in use. */
const TICKS_PER_SECOND = 100;

/** Indexes of fields after the program name. The name is in parentheses and may contain any character. */
const TERMINAL_FIELD = 4;
const START_TIME_FIELD = 19;

/** States of a process that has ended but was not yet reaped by its parent: zombie and dead. */
const ENDED_STATE = /^[ZXx]$/;

/** Decodes the text of `/proc/PID/stat`. Null if it is malformed, or if the process has ended. */
export function decodeProcessStat(text: string): ProcessStat | null {
  const end = text.lastIndexOf(")");
  const fields = text.slice(end + 2).split(" ");
  const terminal = Number(fields[TERMINAL_FIELD]);
  const ticks = Number(fields[START_TIME_FIELD]);
  if (
    end === -1 || ENDED_STATE.test(fields[0] ?? "") || !Number.isInteger(terminal) ||
    !Number.isInteger(ticks)
  ) return null;
  const name = text.slice(text.indexOf("(") + 1, end);
  return { name, terminal, startedAfterBoot: ticks / TICKS_PER_SECOND };
}

/** The time of boot in `/proc/stat`, in seconds since the epoch. Null if it has none. */
export function decodeBootTime(text: string): number | null {
  const seconds = Number(/^btime (\d+)$/m.exec(text)?.[1]);
  return Number.isInteger(seconds) ? seconds : null;
}

/** Major numbers of Unix 98 pseudo terminals. Each has 256 (the kernel's `devices.txt`). */
const FIRST_PTS_MAJOR = 136;
const LAST_PTS_MAJOR = 143;

/** Major number of virtual consoles, and of serial lines from minor number 64. */
const TTY_MAJOR = 4;
const FIRST_SERIAL_MINOR = 64;

/**
 * The line of a device number in `/proc/PID/stat`: `pts/N`, `ttyN` or `ttySN`. Null for any other
 * device.
 */
export function lineOfDevice(device: number): string | null {
  const major = (device >> 8) & 0xfff;
  const minor = (device & 0xff) | ((device >> 12) & 0xfff00);
  if (major >= FIRST_PTS_MAJOR && major <= LAST_PTS_MAJOR) {
    return `pts/${(major - FIRST_PTS_MAJOR) * 256 + minor}`;
  }
  if (major !== TTY_MAJOR) return null;
  return minor < FIRST_SERIAL_MINOR ? `tty${minor}` : `ttyS${minor - FIRST_SERIAL_MINOR}`;
}
