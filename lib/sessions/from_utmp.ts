import { originText, parseOrigin } from "./origin.ts";
import { kindOfLine, orNone, type SessionOutcome } from "./session.ts";
import type { UtmpRecord } from "../utmp/mod.ts";

/** The largest value of a whole microsecond part. */
const LAST_MICROSECOND = 999_999;

/**
 * The session of a utmp record. Only a `user_process` with a user is one. A `dead_process` is not, even if it
 * is recent.
 */
export function sessionOfRecord(record: UtmpRecord): SessionOutcome {
  if (record.type !== "user_process") {
    return { counts: false, why: `type is ${record.type}, not user_process` };
  }
  if (record.user === "") return { counts: false, why: "user is empty" };
  const { line, address } = record;
  const host = record.host !== "" ? record.host : address;
  const written = parseOrigin(host, line);
  // mosh and Eternal Terminal may omit the address from the host, but not from the address field.
  const isNameless = written.isRemote && written.host === null && address !== "";
  const origin = isNameless ? { ...written, host: parseOrigin(address, line).host } : written;
  const session = {
    username: record.user,
    from: orNone(originText(host, origin)),
    tty: orNone(line),
    kind: kindOfLine(line, host),
    remote: origin.isRemote,
    loginTime: timeOfRecord(record),
    pid: record.pid > 0 ? record.pid : null,
  };
  return { counts: true, session };
}

/**
 * The time of the record in seconds since the epoch, with microseconds as fraction. Null if the seconds are 0,
 * which means that the time was not set. Microseconds out of range are ignored.
 */
export function timeOfRecord(record: UtmpRecord): number | null {
  if (record.seconds === 0) return null;
  return record.seconds + (hasWholeMicroseconds(record) ? record.microseconds / 1e6 : 0);
}

/**
 * Inconsistencies of a record, for a person who reads the log. Empty if there are none. A record with
 * inconsistencies still counts.
 */
export function inconsistenciesOf(record: UtmpRecord): readonly string[] {
  if (record.type !== "user_process") return [];
  return [
    record.user === "" && "no user",
    record.line === "" && "no line",
    record.pid <= 0 && `process id ${record.pid}`,
    record.seconds === 0 && "no login time",
    !hasWholeMicroseconds(record) && `${record.microseconds} microseconds`,
    [record.user, record.line, record.host].some((text) => /\\x[0-9a-f]{2}/.test(text)) &&
    "bytes that are not printable UTF-8",
  ].filter((found) => found !== false);
}

function hasWholeMicroseconds(record: UtmpRecord): boolean {
  return record.microseconds >= 0 && record.microseconds <= LAST_MICROSECOND;
}
