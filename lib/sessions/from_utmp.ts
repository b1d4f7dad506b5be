import { originText, parseOrigin } from "./origin.ts";
import { kindOfLine, orNone, type SessionOutcome } from "./session.ts";
import type { UtmpRecord } from "../utmp/mod.ts";

/** The largest value of a whole microsecond part. */
const LAST_MICROSECOND = 999_999;

/**
 * The session of a utmp record: only a `user_process` with a user is one. A `dead_process` never is,
 * however recent.
 */
export function sessionOfRecord(record: UtmpRecord): SessionOutcome {
  if (record.type !== "user_process") {
    return { counts: false, why: `type is ${record.type}, not user_process` };
  }
  if (record.user === "") return { counts: false, why: "user is empty" };
  const { line, address } = record;
  const host = record.host !== "" ? record.host : address;
  const written = parseOrigin(host, line);
  // mosh and Eternal Terminal may leave the address out of the host alone.
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
 * When the record was written, in seconds since the epoch with microseconds as fraction. Null when the
 * seconds are 0, which nobody wrote; microseconds out of range are left out.
 */
export function timeOfRecord(record: UtmpRecord): number | null {
  if (record.seconds === 0) return null;
  return record.seconds + (hasWholeMicroseconds(record) ? record.microseconds / 1e6 : 0);
}

/**
 * What is odd about a record, for a person who looks into a file. Empty when nothing is.
 * None of it keeps the record from being counted.
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
