/** The kernel writes a file page by page; a smaller page than that of any machine, in bytes. */
export const PAGE = 4_096;

/**
 * Where the records begin that cross a page and differ from what they were on one side of it alone. So looks
 * a record of which one half was written and the other not yet: whoever writes one changes both, its type or
 * user before and its time behind.
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
