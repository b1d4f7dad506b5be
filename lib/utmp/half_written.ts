/** The kernel writes a file page by page. No machine has smaller pages than this, in bytes. */
export const PAGE = 4_096;

/**
 * The offsets of records that may be half-written: they cross a page boundary and differ from `before` on one
 * side of it only. A program that writes a record changes both sides: the type or user before the boundary,
 * and the time after it.
 *
 * @param size The size of a record in bytes.
 */
export function halfWrittenRecords(
  before: Uint8Array,
  now: Uint8Array,
  size: number,
): readonly number[] {
  const end = Math.min(before.length, now.length);
  const differs = (from: number, to: number): boolean => {
    for (let at = from; at < to; at++) if (before[at] !== now[at]) return true;
    return false;
  };
  const starts: number[] = [];
  for (let page = PAGE; page < end; page += PAGE) {
    const start = page - page % size;
    if (start === page || start + size > end) continue;
    if (differs(start, page) !== differs(page, start + size)) starts.push(start);
  }
  return starts;
}
