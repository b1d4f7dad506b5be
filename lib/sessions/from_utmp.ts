import { originText, parseOrigin } from "./origin.ts";
import { kindOfLine, orNone, type Session, type SessionOutcome } from "./session.ts";
import type { UtmpRecord } from "../utmp/mod.ts";

/** The fields of a record that tell where its session came from. */
export type OriginFields = Pick<UtmpRecord, "line" | "host" | "address">;

/** The fields of a record with its time. */
type TimeFields = Pick<UtmpRecord, "seconds" | "microseconds">;

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
  const { line } = record;
  const { from, remote } = originOfRecord(record);
  const session = {
    username: record.user,
    from,
    tty: orNone(line),
    kind: kindOfLine(line, hostOfRecord(record)),
    remote,
    loginTime: timeOfRecord(record),
    pid: record.pid > 0 ? record.pid : null,
  };
  return { counts: true, session };
}

/** The origin of the session of a record, whatever its type. */
export function originOfRecord(record: OriginFields): Pick<Session, "from" | "remote"> {
  const host = hostOfRecord(record);
  const { line } = record;
  const written = parseOrigin(host, line);
  const { isRemote: remote } = written;
  // mosh and Eternal Terminal may omit the address from the host, but not from the address field.
  const address = remote && written.host === null ? record.address : "";
  const origin = address === "" ? written : { ...written, host: parseOrigin(address, line).host };
  return { from: orNone(originText(host, origin)), remote };
}

/** The host field of a record, or its address if the field is empty. */
export function hostOfRecord(record: Pick<UtmpRecord, "host" | "address">): string {
  const { host } = record;
  return host !== "" ? host : record.address;
}

/**
 * The time of the record in seconds since the epoch, with microseconds as fraction. Null if the seconds are 0,
 * which means that the time was not set. Microseconds out of range are ignored.
 */
export function timeOfRecord(record: TimeFields): number | null {
  const { seconds } = record;
  if (seconds === 0) return null;
  return seconds + (hasWholeMicroseconds(record) ? record.microseconds / 1e6 : 0);
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

function hasWholeMicroseconds({ microseconds }: TimeFields): boolean {
  return microseconds >= 0 && microseconds <= LAST_MICROSECOND;
}
