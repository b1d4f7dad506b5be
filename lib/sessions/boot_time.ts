/** A clock that shows an earlier time was never set: 1990-01-01 UTC, in seconds since the epoch. */
const EARLIEST_SET_CLOCK = 631_152_000;

/**
 * Boot times that differ by at most this are of the same boot: init writes its record a while after the
 * kernel starts. In seconds.
 */
export const BOOT_TOLERANCE = 60;

/**
 * Whether a time was written before the clock was set, as the boot record of a machine without a battery for
 * its clock (a Raspberry Pi begins in 1970).
 */
export function isBeforeClockWasSet(seconds: number): boolean {
  return seconds < EARLIEST_SET_CLOCK;
}

/**
 * The time of boot in seconds since the epoch; null when not known.
 *
 * The boot record tells it, unless its clock was not set yet: then it is earlier than the kernel's time of
 * boot (`btime` in proc_stat(5)), which follows the clock, or than any clock that was set.
 */
export function bootTimeOf(recorded: number | null, kernel: number | null): number | null {
  if (recorded === null || isBeforeClockWasSet(recorded)) return kernel;
  return kernel !== null && recorded < kernel - BOOT_TOLERANCE ? kernel : recorded;
}
