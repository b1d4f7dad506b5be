import type { Log } from "./log.ts";

/** What the runtime made of the variable `TZ`. */
export interface TakenTimeZone {
  /** The name of the zone; undefined where the runtime found none and counts in some offset. */
  readonly zone: string | undefined;
  /** Minutes east of UTC now. */
  readonly offset: number;
}

/** One line where the variable `TZ` has a value that the runtime did not take. */
export function warnOfTimeZone(
  value: string | undefined,
  { now, log }: { readonly now: Date; readonly log: Log },
): void {
  const taken = takenTimeZone(now);
  if (value === undefined || isTaken(value, taken)) return;
  const advice = "set TZ to a name of the tz database, as Europe/Berlin";
  log.warn("unknown time zone", { TZ: value, login_time: offsetText(taken.offset), advice });
}

/** The time zone in which this process tells times. */
function takenTimeZone(now: Date): TakenTimeZone {
  const { timeZone: zone } = Intl.DateTimeFormat().resolvedOptions();
  return { zone, offset: -now.getTimezoneOffset() };
}

/**
 * Whether the runtime took a value of `TZ` for what it says. It knows the names of the tz database: other
 * values, as a path or the POSIX form `CET-1CEST`, give UTC or an offset without summer time.
 */
export function isTaken(value: string, { zone }: TakenTimeZone): boolean {
  if (value === "") return true;
  if (zone === undefined) return false;
  return zone !== "UTC" || isName(value.replace(/^:/, ""));
}

/** An offset as ISO 8601 writes it, `+01:00`. */
export function offsetText(minutes: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const absolute = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(absolute / 60))}:${two(absolute % 60)}`;
}

function isName(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
