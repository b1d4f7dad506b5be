import type { Log } from "../log.ts";

/** Reads a time zone file; null if there is no regular file. */
export type ReadZone = (path: string) => Uint8Array | null;

/** The format of tzset(3): name and offset, then optionally name, offset and rules of daylight saving time. */
const NAME = "(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)";
const OFFSET = String.raw`([+-]?\d{1,2}(?::\d\d){0,2})`;
const POSIX = new RegExp(`^${NAME}${OFFSET}(${NAME}${OFFSET}?(?:,.*)?)?$`);

/** Logs a warning if the runtime does not support this value of `TZ`. */
export function warnOfTimeZone(
  value: string | undefined,
  { now, log, read }: { readonly now: Date; readonly log: Log; readonly read: ReadZone },
): void {
  if (value === undefined || isSupported(value, { year: now.getUTCFullYear(), read })) return;
  const advice = "set TZ to a name of the tz database, for example Europe/Berlin";
  const offset = offsetText(-now.getTimezoneOffset());
  log.warn("unknown time zone", { TZ: value, login_time: offset, advice });
}

/**
 * Whether the runtime and the C library agree on this value of `TZ`, with which the process was started. The
 * runtime supports the names of the tz database. For other values it uses, at best, the offset without
 * daylight saving time.
 */
function isSupported(
  value: string,
  { year, read }: { readonly year: number; readonly read: ReadZone },
): boolean {
  const zone = value.replace(/^:?(posix\/)?/, "");
  if (["", "UTC", "Etc/UTC", "GMT"].includes(zone)) return true;
  const [january, july] = [0, 6].map((month) => new Date(year, month, 15).getTimezoneOffset());
  const expected = posixOffsets(zone.startsWith("/") ? zoneRule(read(zone)) : zone);
  if (expected !== null) return expected === inOrder(january, july);
  // The first use of Intl takes 20 ms and 5 MB. Only a zone with a known name has daylight saving time.
  return !zone.startsWith("/") && (january !== july || isKnown(zone));
}

/** The rule at the end of a zone file, in the format of `TZ`, see tzfile(5). Empty if there is none. */
function zoneRule(bytes: Uint8Array | null): string {
  const text = bytes === null ? "" : new TextDecoder("latin1").decode(bytes);
  return /^TZif[^]*\n(.*)\n$/.exec(text)?.[1] ?? "";
}

/** The offsets of a value in POSIX format, as {@link inOrder}; null for another format. */
function posixOffsets(value: string): string | null {
  const [found, standard = "", summer, shifted] = POSIX.exec(value) ?? [];
  if (found === undefined) return null;
  const one = minutesWest(standard);
  if (summer === undefined) return inOrder(one, one);
  return inOrder(one, shifted === undefined ? one - 60 : minutesWest(shifted));
}

/** Two offsets as a text that does not depend on their order. */
function inOrder(one = 0, other = 0): string {
  return `${Math.min(one, other)} ${Math.max(one, other)}`;
}

/** Converts an offset west of UTC, such as `-5:30`, to minutes. */
function minutesWest(west: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = west.replace(/^[+-]/, "").split(":").map(Number);
  const size = hours * 60 + minutes + seconds / 60;
  return west.startsWith("-") ? -size : size;
}

/** Whether the runtime knows this zone name, which is case-sensitive. */
function isKnown(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return Intl.DateTimeFormat().resolvedOptions().timeZone !== undefined;
  } catch {
    return false;
  }
}

/** An offset in ISO 8601 format, such as `+01:00`. */
export function offsetText(minutes: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const absolute = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(absolute / 60))}:${two(absolute % 60)}`;
}
