import { type Layout, LAYOUT_NAMES, type LayoutName, LAYOUTS, readNumber } from "./layout.ts";
import { RECORD_TYPES } from "./record.ts";

/** How many records in a row are looked at, and at how many places of the file. */
export const RUN_LENGTH = 64;
export const RUNS = 16;

/** No login was written before 1990-01-01 UTC by a clock that was set; in seconds. */
const EARLIEST_PLAUSIBLE = 631_152_000;

/** The last second of an unsigned 32-bit clock, in the year 2106. */
const LATEST_PLAUSIBLE = 2 ** 32 - 1;

/** The kernel gives no higher process id (`PID_MAX_LIMIT`, proc_sys_kernel(5)); sessions are such ids. */
const LATEST_PID = 2 ** 22;

/** What one record says of a layout. Above 0 it is a record of it, below 0 it cannot be one. */
const LIKELY = 3;
const POSSIBLE = 1;
const SILENT = 0;
const IMPOSSIBLE = -1;
/** Text in a record of type 0 is the text of another record: the stride is wrong. */
const TEXT_IN_EMPTY = -2;
/** A tail that does not begin as records do: it is the middle of one. */
const TAIL_IN_MIDDLE = -3;

/** A layout, and whether the content of the file is that of a utmp file in it. */
export interface Detection {
  readonly layout: LayoutName;
  /** False where more speaks against the layout than for it: the file is of another kind or unknown layout. */
  readonly isExplained: boolean;
}

/** The sum of what the records of a file say of a layout. */
interface Evidence {
  readonly layout: Layout;
  /** Records that decode as a whole. */
  readonly whole: number;
  /** What they say for the layout, and what the others say against it; both 0 or more. */
  readonly support: number;
  readonly objection: number;
}

/**
 * Which layout the bytes of a utmp file have. Any bytes give an answer; nothing throws.
 *
 * The file may come from another machine, so its content decides. Records are looked at under each layout,
 * at most {@link RUNS} times {@link RUN_LENGTH} of them, evenly spread:
 *
 * - A record is whole when its type is 1 to 9, line and user are printable, process id and session are
 *   such, and the time is plausible. It says less where one of these does not hold: where the time is
 *   before 1990, as from a clock that was never set, where line or user are not printable, or where the
 *   program that wrote the record left something else in place of the ids. Where two do not hold it is
 *   against the layout.
 * - A record of type 0 without text says nothing. One with text does not: the text is that of another
 *   record. The exception is a whole record whose type was set to 0, which says nothing either.
 * - Everything else is against the layout, and so is a tail that cannot be the beginning of a record.
 *
 * The layout with most whole records wins, so that damage does not change the answer; then the one with
 * more for and less against it, the one whose size divides the length, and `native`, the layout of the
 * machine that the program was built for.
 */
export function detectLayout(bytes: Uint8Array, native: LayoutName): Detection {
  return detectionOf(
    LAYOUT_NAMES
      .map((name) => evidenceFor(bytes, LAYOUTS[name]))
      .reduce((best, next) => isBetter(next, best, { bytes, native }) ? next : best),
  );
}

/** The wanted layout, or what {@link detectLayout} finds where that is `auto`. */
export function chooseLayout(
  bytes: Uint8Array,
  { wanted, native }: { readonly wanted: LayoutName | "auto"; readonly native: LayoutName },
): Detection {
  return wanted === "auto"
    ? detectLayout(bytes, native)
    : detectionOf(evidenceFor(bytes, LAYOUTS[wanted]));
}

function detectionOf({ layout, support, objection }: Evidence): Detection {
  return { layout: layout.name, isExplained: support > objection || objection === 0 };
}

function isBetter(
  a: Evidence,
  b: Evidence,
  { bytes, native }: { readonly bytes: Uint8Array; readonly native: LayoutName },
): boolean {
  const rank = ({ layout, whole, support, objection }: Evidence): readonly number[] => [
    whole,
    support,
    -objection,
    Number(bytes.length % layout.size === 0),
    Number(layout.name === native),
  ];
  const [ours, theirs] = [rank(a), rank(b)];
  const first = ours.findIndex((value, i) => value !== theirs[i]);
  return first !== -1 && (ours[first] ?? 0) > (theirs[first] ?? 0);
}

function evidenceFor(bytes: Uint8Array, layout: Layout): Evidence {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records = Math.floor(bytes.length / layout.size);
  let [whole, support, objection] = [0, 0, 0];
  const count = (vote: number): void => {
    support += Math.max(vote, 0);
    objection += Math.max(-vote, 0);
  };
  for (const index of sampled(records)) {
    const vote = voteOf(bytes, view, { layout, start: index * layout.size });
    if (vote > 0) whole++;
    count(vote);
  }
  count(voteOfTail(bytes, view, { layout, start: records * layout.size }));
  return { layout, whole, support, objection };
}

/** Which of so many records are looked at: all, or runs of them from the first to the last. */
function* sampled(records: number): Generator<number> {
  if (records <= RUNS * RUN_LENGTH) {
    for (let index = 0; index < records; index++) yield index;
    return;
  }
  for (let run = 0; run < RUNS; run++) {
    const first = Math.floor(run * (records - RUN_LENGTH) / (RUNS - 1));
    for (let index = first; index < first + RUN_LENGTH; index++) yield index;
  }
}

/** Where a record begins, and as what it is read. */
interface RecordPosition {
  readonly layout: Layout;
  readonly start: number;
}

function voteOf(bytes: Uint8Array, view: DataView, { layout, start }: RecordPosition): number {
  const { littleEndian } = layout;
  const type = readNumber(view, start, { field: layout.type, littleEndian });
  if (type < 0 || type >= RECORD_TYPES.length) return IMPOSSIBLE;
  if (type === 0 && !hasText(bytes, { layout, start })) return SILENT;
  const vote = voteOfContent(bytes, view, { layout, start });
  if (type > 0) return vote;
  const hasTime = readNumber(view, start, { field: layout.seconds, littleEndian }) !== 0;
  const hasLine = bytes[start + layout.line.offset] !== 0;
  return vote > 0 && hasTime && hasLine ? SILENT : TEXT_IN_EMPTY;
}

/** What a record says whose type may be one. */
function voteOfContent(
  bytes: Uint8Array,
  view: DataView,
  { layout, start }: RecordPosition,
): number {
  const { littleEndian } = layout;
  // Where utmps has 400 bytes, its session is the first half of the field and the other half is padding.
  const ids = layout.session.kind === "int64" ? [layout.pid] : [layout.pid, layout.session];
  const hasIds = ids.every((field) => {
    const id = readNumber(view, start, { field, littleEndian });
    return id >= 0 && id <= LATEST_PID;
  });
  const seconds = readNumber(view, start, { field: layout.seconds, littleEndian });
  if (seconds < 0 || seconds > LATEST_PLAUSIBLE) return IMPOSSIBLE;
  const isPrintable = [layout.line, layout.user].every(({ offset, length }) =>
    isPrintableText(bytes, start + offset, length)
  );
  const doubts = [seconds < EARLIEST_PLAUSIBLE, !isPrintable, !hasIds].filter(Boolean).length;
  return [LIKELY, POSSIBLE][doubts] ?? IMPOSSIBLE;
}

/**
 * What the bytes say that are too few for a record. One is written from its beginning: so they begin with a
 * type other than 0, and no text field has anything behind its end.
 */
function voteOfTail(bytes: Uint8Array, view: DataView, { layout, start }: RecordPosition): number {
  const length = bytes.length - start;
  if (length >= 2 && bytes.subarray(start).every((byte) => byte === 0)) return IMPOSSIBLE;
  if (length === 0 || (length === 1 && !layout.littleEndian)) return SILENT;
  const type = length === 1 ? view.getUint8(start) : view.getInt16(start, layout.littleEndian);
  if (type <= 0 || type >= RECORD_TYPES.length) return TAIL_IN_MIDDLE;
  const isWritten = [layout.line, layout.id, layout.user, layout.host].every(
    ({ offset, length }) => {
      const text = bytes.subarray(start + offset, start + offset + length);
      const nul = text.indexOf(0);
      return nul === -1 || text.subarray(nul).every((byte) => byte === 0);
    },
  );
  const isPrintable = [layout.line, layout.user].every(({ offset, length }) =>
    isPrintableText(bytes, start + offset, length)
  );
  return isWritten && isPrintable ? POSSIBLE : TAIL_IN_MIDDLE;
}

/** Whether any byte of the text fields is set, before or behind their ends. */
function hasText(bytes: Uint8Array, { layout, start }: RecordPosition): boolean {
  const end = start + layout.host.offset + layout.host.length;
  for (let at = start + layout.line.offset; at < end; at++) {
    if (bytes[at] !== 0) return true;
  }
  return false;
}

/** Whether no control byte stands before the first NUL. Bytes above 127 may be any character set. */
function isPrintableText(bytes: Uint8Array, start: number, length: number): boolean {
  for (let at = start; at < start + length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0) return true;
    if (byte < 0x20 || byte === 0x7f) return false;
  }
  return true;
}
