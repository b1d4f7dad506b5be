import { addressText } from "./address.ts";
import { type Layout, type LayoutName, LAYOUTS, readNumber } from "./layout.ts";
import { type Fault, RECORD_TYPES, type UtmpRecord } from "./record.ts";
import { visibleText } from "./text.ts";

/** The last second of the year 9999, the latest that has a four-digit year. */
export const LAST_SECOND = 253_402_300_799;

/** The records of a file and what in it was no record; together they account for every byte. */
export interface DecodedUtmp {
  readonly layout: LayoutName;
  readonly records: readonly UtmpRecord[];
  readonly faults: readonly Fault[];
}

/**
 * Decodes the bytes of a utmp file in one pass and without a copy. Any bytes of any length give an
 * answer; nothing throws.
 *
 * A record whose type is not 0 to 9 or whose time is before 1970 or after the year 9999 is a fault, and
 * so are bytes at the end that are too few for a record (the file is written in place while it is read).
 * Everything else is kept.
 */
export function decodeUtmp(bytes: Uint8Array, name: LayoutName): DecodedUtmp {
  const layout = LAYOUTS[name];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: UtmpRecord[] = [];
  const faults: Fault[] = [];
  let offset = 0;
  for (; offset + layout.size <= bytes.length; offset += layout.size) {
    const outcome = decodeRecord(bytes, view, { layout, offset });
    if ("why" in outcome) faults.push(outcome);
    else records.push(outcome);
  }
  if (offset < bytes.length) {
    const length = bytes.length - offset;
    faults.push({ offset, length, why: `${length} bytes are no whole record` });
  }
  return { layout: name, records, faults };
}

function decodeRecord(
  bytes: Uint8Array,
  view: DataView,
  { layout, offset }: { readonly layout: Layout; readonly offset: number },
): UtmpRecord | Fault {
  const { littleEndian } = layout;
  const typeNumber = readNumber(view, offset, { field: layout.type, littleEndian });
  const type = RECORD_TYPES[typeNumber];
  if (type === undefined) {
    return { offset, length: layout.size, why: `type ${typeNumber} is not 0 to 9` };
  }
  const seconds = readNumber(view, offset, { field: layout.seconds, littleEndian });
  if (seconds < 0 || seconds > LAST_SECOND) {
    return { offset, length: layout.size, why: `time ${seconds} is not a second up to year 9999` };
  }
  return {
    offset,
    type,
    pid: readNumber(view, offset, { field: layout.pid, littleEndian }),
    line: visibleText(bytes, offset + layout.line.offset, layout.line.length),
    id: visibleText(bytes, offset + layout.id.offset, layout.id.length),
    user: visibleText(bytes, offset + layout.user.offset, layout.user.length),
    host: visibleText(bytes, offset + layout.host.offset, layout.host.length),
    termination: readNumber(view, offset, { field: layout.termination, littleEndian }),
    exit: readNumber(view, offset, { field: layout.exit, littleEndian }),
    session: readNumber(view, offset, { field: layout.session, littleEndian }),
    seconds,
    microseconds: readNumber(view, offset, { field: layout.microseconds, littleEndian }),
    address: addressText(view, offset + layout.address.offset),
  };
}
