import type { Layout } from "./layout.ts";

/** The kernel writes a file page by page. No machine has smaller pages than this, in bytes. */
export const PAGE = 4_096;

/** The size of a process id in every layout, in bytes. */
const PID_SIZE = 4;

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

/**
 * Whether a record changed as if only a part of it were written: its line, id, user or host changed, but not both
 * its type or process id and its time. A processor that is interrupted while it copies a record leaves it like
 * this, on one page too. A program that rewrites a record changes all three, as a rule.
 *
 * @param layout The layout of both.
 */
export function looksHalfWritten(before: Uint8Array, now: Uint8Array, layout: Layout): boolean {
  const { size, pid, line, host, seconds, address } = layout;
  const end = Math.min(before.length, now.length);
  const [a, b] = [viewOf(before), viewOf(now)];
  const differs = (from: number, to: number): boolean => {
    let at = from;
    for (; at + 4 <= to; at += 4) if (a.getInt32(at) !== b.getInt32(at)) return true;
    for (; at < to; at++) if (before[at] !== now[at]) return true;
    return false;
  };
  for (let start = 0; start + size <= end; start += size) {
    if (!differs(start + line.offset, start + host.offset + host.length)) continue;
    if (!differs(start, start + pid.offset + PID_SIZE)) return true;
    if (!differs(start + seconds.offset, start + address.offset)) return true;
  }
  return false;
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
