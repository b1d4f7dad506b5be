import { type BytesField, type Layout, readNumber } from "./layout.ts";
import { RECORD_TYPES } from "./record.ts";

/** 1990-01-01 UTC, in seconds since the epoch. A record with an earlier time comes from a clock that was not set. */
const EARLIEST_PLAUSIBLE = 631_152_000;

/** The last second of an unsigned 32-bit clock, in the year 2106. */
const LATEST_PLAUSIBLE = 2 ** 32 - 1;

/** The kernel's highest process id (`PID_MAX_LIMIT`, proc_sys_kernel(5)). Session ids are process ids. */
const LATEST_PID = 2 ** 22;

/** Votes for a layout are positive, votes against it are negative. */
const LIKELY = 3;
const POSSIBLE = 1;
const NEUTRAL = 0;
const IMPOSSIBLE = -1;
/** A record of type 0 with text: the text is that of another record, so the record size is wrong. */
const TEXT_IN_EMPTY = -2;
/** A tail that does not start like a record: it is the middle of one. */
const TAIL_IN_MIDDLE = -3;

/** A file, and a position in it that is read as a record of a layout. */
export interface RecordPosition {
  readonly bytes: Uint8Array;
  /** A view of the same bytes. */
  readonly view: DataView;
  readonly layout: Layout;
  /** Bytes from the start of the file. */
  readonly start: number;
}

/**
 * The vote of a record for its layout: positive if it decodes as a whole, 0 if it gives no evidence, negative
 * if it cannot be a record.
 */
export function voteOfRecord(position: RecordPosition): number {
  const { bytes, view, layout, start } = position;
  const { littleEndian } = layout;
  const type = readNumber(view, start, { field: layout.type, littleEndian });
  if (type < 0 || type >= RECORD_TYPES.length) return IMPOSSIBLE;
  if (type === 0 && !hasText(position)) return NEUTRAL;
  const vote = voteOfContent(position);
  if (type > 0) return vote;
  const hasTime = readNumber(view, start, { field: layout.seconds, littleEndian }) !== 0;
  const hasLine = bytes[start + layout.line.offset] !== 0;
  return vote > 0 && hasTime && hasLine ? NEUTRAL : TEXT_IN_EMPTY;
}

/** The vote of everything but the type. */
function voteOfContent(position: RecordPosition): number {
  const { view, layout, start } = position;
  const { littleEndian } = layout;
  // utmps with 400 bytes stores the session in the first half of the field. The other half is padding.
  const ids = layout.session.kind === "int64" ? [layout.pid] : [layout.pid, layout.session];
  const hasIds = ids.every((field) => {
    const id = readNumber(view, start, { field, littleEndian });
    return id >= 0 && id <= LATEST_PID;
  });
  const seconds = readNumber(view, start, { field: layout.seconds, littleEndian });
  if (seconds < 0 || seconds > LATEST_PLAUSIBLE) return IMPOSSIBLE;
  const doubts = [seconds < EARLIEST_PLAUSIBLE, !hasPrintableNames(position), !hasIds];
  return [LIKELY, POSSIBLE][doubts.filter(Boolean).length] ?? IMPOSSIBLE;
}

/**
 * The vote of the bytes after the last whole record. Programs write a record from its start, so the tail should
 * start with a type other than 0 and have only NULs after the end of each text.
 */
export function voteOfTail(position: RecordPosition): number {
  const { bytes, view, layout, start } = position;
  const length = bytes.length - start;
  if (length >= 2 && bytes.subarray(start).every((byte) => byte === 0)) return IMPOSSIBLE;
  if (length === 0 || (length === 1 && !layout.littleEndian)) return NEUTRAL;
  const type = length === 1 ? view.getUint8(start) : view.getInt16(start, layout.littleEndian);
  if (type <= 0 || type >= RECORD_TYPES.length) return TAIL_IN_MIDDLE;
  const isClean = [layout.line, layout.id, layout.user, layout.host].every(({ offset, length }) => {
    const text = bytes.subarray(start + offset, start + offset + length);
    const nul = text.indexOf(0);
    return nul === -1 || text.subarray(nul).every((byte) => byte === 0);
  });
  return isClean && hasPrintableNames(position) ? POSSIBLE : TAIL_IN_MIDDLE;
}

/** Whether any byte of the text fields is set, also after the end of a text. */
function hasText({ bytes, layout, start }: RecordPosition): boolean {
  const end = start + layout.host.offset + layout.host.length;
  for (let at = start + layout.line.offset; at < end; at++) {
    if (bytes[at] !== 0) return true;
  }
  return false;
}

function hasPrintableNames({ bytes, layout, start }: RecordPosition): boolean {
  return isPrintable(bytes, start, layout.line) && isPrintable(bytes, start, layout.user);
}

/** Whether a text has no control byte before the first NUL. Bytes above 127 may be of any character set. */
function isPrintable(bytes: Uint8Array, start: number, { offset, length }: BytesField): boolean {
  for (let at = start + offset; at < start + offset + length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0) return true;
    if (byte < 0x20 || byte === 0x7f) return false;
  }
  return true;
}
