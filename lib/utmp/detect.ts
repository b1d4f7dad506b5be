import { type Layout, LAYOUT_NAMES, type LayoutName, LAYOUTS, readNumber } from "./layout.ts";
import { RECORD_TYPES } from "./record.ts";

/** How many records that are not empty have a vote. */
export const MAX_VOTERS = 64;

/** How many records are looked at to find them. */
export const MAX_LOOKED_AT = 1_024;

/** No login was written before 1990-01-01 UTC by a clock that was set; in seconds. */
const EARLIEST_PLAUSIBLE = 631_152_000;

/** The last second of an unsigned 32-bit clock, in the year 2106. */
const LATEST_PLAUSIBLE = 2 ** 32 - 1;

/** What a record says for a layout: it cannot be, it may be, it is likely. */
const IMPOSSIBLE = -2;
const POSSIBLE = 1;
const LIKELY = 2;

/**
 * Which layout the bytes of a utmp file have. Any bytes give an answer; nothing throws.
 *
 * The file may come from another machine, so its content decides. In each layout the first records that
 * are not empty vote: {@link LIKELY} when the type is 0 to 9, line and user are printable and the time is
 * plausible; {@link POSSIBLE} when the time is before 1990, as from a clock that was never set;
 * {@link IMPOSSIBLE} when one of them cannot be. The layout with the largest sum wins. Among equals one
 * wins whose size divides the length, then `native`, the layout of the machine that the program was built
 * for.
 */
export function detectLayout(bytes: Uint8Array, native: LayoutName): LayoutName {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rank = (layout: Layout): readonly number[] => [
    sumOfVotes(view, layout),
    Number(bytes.length % layout.size === 0),
    Number(layout.name === native),
  ];
  return LAYOUT_NAMES
    .map((name) => ({ name, rank: rank(LAYOUTS[name]) }))
    .reduce((best, next) => isHigher(next.rank, best.rank) ? next : best)
    .name;
}

/** The wanted layout, or what {@link detectLayout} finds where that is `auto`. */
export function chooseLayout(
  bytes: Uint8Array,
  { wanted, native }: { readonly wanted: LayoutName | "auto"; readonly native: LayoutName },
): LayoutName {
  return wanted === "auto" ? detectLayout(bytes, native) : wanted;
}

function isHigher(a: readonly number[], b: readonly number[]): boolean {
  const first = a.findIndex((value, i) => value !== b[i]);
  return first !== -1 && (a[first] ?? 0) > (b[first] ?? 0);
}

/** What the records say for the layout. */
function sumOfVotes(view: DataView, layout: Layout): number {
  const looked = Math.min(Math.floor(view.byteLength / layout.size), MAX_LOOKED_AT);
  let sum = 0;
  for (let i = 0, voters = 0; i < looked && voters < MAX_VOTERS; i++) {
    const start = i * layout.size;
    if (view.getInt16(start + layout.type.offset, layout.littleEndian) === 0) continue;
    voters++;
    sum += voteOf(view, start, layout);
  }
  return sum;
}

function voteOf(view: DataView, start: number, layout: Layout): number {
  const { littleEndian } = layout;
  const type = readNumber(view, start, { field: layout.type, littleEndian });
  if (type < 0 || type >= RECORD_TYPES.length) return IMPOSSIBLE;
  if (!isPrintable(view, start + layout.line.offset, layout.line.length)) return IMPOSSIBLE;
  if (!isPrintable(view, start + layout.user.offset, layout.user.length)) return IMPOSSIBLE;
  const seconds = readNumber(view, start, { field: layout.seconds, littleEndian });
  if (seconds < 0 || seconds > LATEST_PLAUSIBLE) return IMPOSSIBLE;
  return seconds < EARLIEST_PLAUSIBLE ? POSSIBLE : LIKELY;
}

/** Whether no control byte stands before the first NUL. Bytes above 127 may be any character set. */
function isPrintable(view: DataView, start: number, length: number): boolean {
  for (let at = start; at < start + length; at++) {
    const byte = view.getUint8(at);
    if (byte === 0) return true;
    if (byte < 0x20 || byte === 0x7f) return false;
  }
  return true;
}
