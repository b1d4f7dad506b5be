import type { Log } from "../log.ts";

/** Reads a zone file of the machine; null where there is no regular file. */
export type ReadZone = (path: string) => Uint8Array | null;

/** Offsets of a time zone over the year, in minutes east of UTC: the lowest and the highest. */
type Offsets = readonly [lowest: number, highest: number];

/** tzset(3): a name and an offset, then those of summer time where there is one, with its rules. */
const NAME = "(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)";
const OFFSET = String.raw`([+-]?\d{1,2}(?::\d\d){0,2})`;
const POSIX = new RegExp(`^${NAME}${OFFSET}(${NAME}${OFFSET}?(?:,.*)?)?$`);

/** One line where the runtime tells other times than the C library does with this value of `TZ`. */
export function warnOfTimeZone(
  value: string | undefined,
  { now, log, read }: { readonly now: Date; readonly log: Log; readonly read: ReadZone },
): void {
  if (value === undefined || isSupported(value, { year: now.getUTCFullYear(), read })) return;
  const advice = "set TZ to a name of the tz database, as Europe/Berlin";
  log.warn("unknown time zone", {
    TZ: value,
    login_time: offsetText(-now.getTimezoneOffset()),
    advice,
  });
}

/**
 * Whether this process, which was started with this value of `TZ`, tells the times that the C library tells. The
 * runtime knows the names of the tz database. Of other values it takes the offset without summer time at best.
 */
export function isSupported(
  value: string,
  { year, read }: { readonly year: number; readonly read: ReadZone },
): boolean {
  const zone = value.replace(/^:?(posix\/)?/, "");
  if (["", "UTC", "Etc/UTC", "GMT"].includes(zone)) return true;
  const [lowest, highest] = offsetsOf(year);
  const expected = posixOffsets(zone.startsWith("/") ? zoneRule(read(zone)) : zone);
  if (expected !== null) return lowest === expected[0] && highest === expected[1];
  // Intl takes 20 ms and 5 MB when it is used first. Only a zone that is known by its name has summer time.
  return !zone.startsWith("/") && (lowest !== highest || isKnown(zone));
}

/** The rule at the end of a zone file, as in `TZ`; see tzfile(5). Empty where there is none. */
function zoneRule(bytes: Uint8Array | null): string {
  const text = bytes === null ? "" : new TextDecoder("latin1").decode(bytes);
  return /^TZif[^]*\n(.*)\n$/.exec(text)?.[1] ?? "";
}

/** What a value in the form of POSIX says; null where it has another form. */
function posixOffsets(value: string): Offsets | null {
  const [found, standard = "", summer, shifted] = POSIX.exec(value) ?? [];
  if (found === undefined) return null;
  const one = minutesEast(standard);
  if (summer === undefined) return [one, one];
  const other = shifted === undefined ? one + 60 : minutesEast(shifted);
  return [Math.min(one, other), Math.max(one, other)];
}

/** Minutes east of UTC of an offset west of it, `-5:30`. */
function minutesEast(west: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = west.replace(/^[+-]/, "").split(":").map(Number);
  const size = hours * 60 + minutes + seconds / 60;
  return west.startsWith("-") ? size : 0 - size;
}

/** The offsets of this process, in January and in July. */
function offsetsOf(year: number): Offsets {
  const [one, other] = [0, 6].map((month) => 0 - new Date(year, month, 15).getTimezoneOffset());
  const both = [one ?? 0, other ?? 0];
  return [Math.min(...both), Math.max(...both)];
}

/** Whether the runtime found the zone of this process by this name, in the case in which it is written. */
function isKnown(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return Intl.DateTimeFormat().resolvedOptions().timeZone !== undefined;
  } catch {
    return false;
  }
}

/** An offset as ISO 8601 writes it, `+01:00`. */
export function offsetText(minutes: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const absolute = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(absolute / 60))}:${two(absolute % 60)}`;
}
