import { type Layout, LAYOUT_NAMES, type LayoutName, LAYOUTS } from "./layout.ts";
import { voteOfRecord, voteOfTail } from "./vote.ts";

/** A large file is sampled: this many runs, evenly spread, of this many records each. */
export const RUNS = 16;
export const RUN_LENGTH = 64;

/** A layout, and whether the content matches it. */
export interface Detection {
  readonly layout: LayoutName;
  /** False if more votes are against the layout than for it: this is another kind of file or layout. */
  readonly isMatch: boolean;
}

/** The votes of the records of a file for a layout. */
interface Evidence {
  readonly layout: Layout;
  /** The number of records that decode as a whole. */
  readonly whole: number;
  /** The sum of the votes for the layout, and of those against it; both at least 0. */
  readonly support: number;
  readonly objection: number;
}

/**
 * The layout of the bytes of a utmp file. Any bytes give a result; nothing throws.
 *
 * The file may come from another machine, so its content decides. Each layout is tried on the records, on at
 * most {@link RUNS} times {@link RUN_LENGTH} of them, and each record votes:
 *
 * - A record is whole if its type is 1 to 9, line and user are printable, process id and session id are in
 *   range, and the time is plausible. One that fails one of these tests has less weight: its time is before
 *   1990 because the clock was not set, its line or user is not printable, or its ids are out of range. One
 *   that fails two of them is against the layout.
 * - A record of type 0 without text is neutral. One with text is against the layout, because the text belongs
 *   to another record. A whole record whose type was overwritten with 0 is neutral too.
 * - Everything else is against the layout, as is a tail that cannot be the start of a record.
 *
 * The layout with the most whole records wins, so that damage does not change the result. A tie is decided by
 * more votes for the layout, fewer votes against it, a size that divides the length of the file, and
 * `native`, the layout of the machine that the program was built for.
 */
export function detectLayout(bytes: Uint8Array, native: LayoutName): Detection {
  return detectionOf(
    LAYOUT_NAMES
      .map((name) => evidenceFor(bytes, LAYOUTS[name]))
      .reduce((best, next) => isBetter(next, best, { bytes, native }) ? next : best),
  );
}

/** The `wanted` layout and whether the content matches it; with `auto`, the result of {@link detectLayout}. */
export function chooseLayout(
  bytes: Uint8Array,
  { wanted, native }: { readonly wanted: LayoutName | "auto"; readonly native: LayoutName },
): Detection {
  return wanted === "auto"
    ? detectLayout(bytes, native)
    : detectionOf(evidenceFor(bytes, LAYOUTS[wanted]));
}

function detectionOf({ layout, support, objection }: Evidence): Detection {
  return { layout: layout.name, isMatch: support > objection || objection === 0 };
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
    const vote = voteOfRecord({ bytes, view, layout, start: index * layout.size });
    if (vote > 0) whole++;
    count(vote);
  }
  count(voteOfTail({ bytes, view, layout, start: records * layout.size }));
  return { layout, whole, support, objection };
}

/** The indexes of the records that vote: all, or runs of them from the first to the last. */
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
