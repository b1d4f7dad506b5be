/** 1990-01-01 UTC, in seconds since the epoch. A clock with an earlier time was not set. */
const EARLIEST_SET_CLOCK = 631_152_000;

/**
 * Boot times that differ by at most this are of the same boot, in seconds. init writes its record some time
 * after the kernel started.
 */
export const BOOT_TOLERANCE = 60;

/**
 * Whether a time was written before the clock was set, like the boot record of a machine whose clock has no
 * battery (a Raspberry Pi starts in 1970).
 */
export function isBeforeClockWasSet(seconds: number): boolean {
  return seconds < EARLIEST_SET_CLOCK;
}

/**
 * The time of boot in seconds since the epoch; null if not known.
 *
 * It is the time of the boot record, unless the clock was not set when the record was written. Such a time is
 * before 1990, or earlier than the kernel's time of boot (`btime` in proc_stat(5)), which follows the clock.
 */
export function bootTimeOf(recorded: number | null, kernel: number | null): number | null {
  if (recorded === null || isBeforeClockWasSet(recorded)) return kernel;
  return kernel !== null && recorded < kernel - BOOT_TOLERANCE ? kernel : recorded;
}
