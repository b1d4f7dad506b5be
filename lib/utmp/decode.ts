import { addressText, parseIpv4 } from "./address.ts";
import { type Layout, type LayoutName, LAYOUTS, readNumber } from "./layout.ts";
import { type Fault, RECORD_TYPES, type RecordType, type UtmpRecord } from "./record.ts";
import { visibleText } from "./text.ts";

/** The last second of the year 9999, the latest that has a four-digit year. */
export const LAST_SECOND = 253_402_300_799;

/** The records of a file, and its faults. Together they account for every byte. */
export interface DecodedUtmp {
  readonly layout: LayoutName;
  readonly records: readonly UtmpRecord[];
  readonly faults: readonly Fault[];
}

/** A record, of which only the type was decoded. Each other field is decoded when it is read. */
export type UndecodedRecord =
  & Pick<RecordView, "hasUser" | "isZero" | "hostIpv4" | "decoded">
  & Pick<UtmpRecord, "type" | "line" | "user" | "host" | "seconds" | "microseconds" | "address">;

/** A record or a fault. */
export type UtmpEntry = UndecodedRecord | Fault;

/** Decodes all records of a file, in their order. For faults see {@link utmpEntries}. */
export function decodeUtmp(bytes: Uint8Array, layout: LayoutName): DecodedUtmp {
  const records: UtmpRecord[] = [];
  const faults: Fault[] = [];
  for (const entry of utmpEntries(bytes, layout)) {
    if ("why" in entry) faults.push(entry);
    else records.push(entry.decoded());
  }
  return { layout, records, faults };
}

/**
 * The records and faults of a utmp file, in their order, without copying or decoding text. Any bytes of any
 * length give a result; nothing throws.
 *
 * A fault is a record whose type is not 0 to 9, or whose time is before 1970 or after the year 9999, and bytes
 * at the end that are too few for a record (programs write the file in place while it is read). Everything
 * else is a record.
 */
export function* utmpEntries(bytes: Uint8Array, name: LayoutName): Generator<UtmpEntry> {
  const layout = LAYOUTS[name];
  const { littleEndian } = layout;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 0;
  for (; offset + layout.size <= bytes.length; offset += layout.size) {
    const typeNumber = readNumber(view, offset, { field: layout.type, littleEndian });
    const type = RECORD_TYPES[typeNumber];
    const seconds = readNumber(view, offset, { field: layout.seconds, littleEndian });
    if (type === undefined) {
      yield { offset, length: layout.size, why: `type ${typeNumber} is not 0 to 9` };
    } else if (seconds < 0 || seconds > LAST_SECOND) {
      const why = `time ${seconds} is not between 1970 and 9999`;
      yield { offset, length: layout.size, why };
    } else {
      yield new RecordView({ bytes, view, layout, offset, type });
    }
  }
  if (offset < bytes.length) {
    const length = bytes.length - offset;
    yield { offset, length, why: `${length} bytes are not a whole record` };
  }
}

/** A record in the bytes of the file. Its text is decoded on request. */
class RecordView {
  readonly offset: number;
  readonly type: RecordType;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #layout: Layout;

  constructor(
    { bytes, view, layout, offset, type }: {
      readonly bytes: Uint8Array;
      /** A view of the same bytes. */
      readonly view: DataView;
      readonly layout: Layout;
      readonly offset: number;
      readonly type: RecordType;
    },
  ) {
    this.offset = offset;
    this.type = type;
    this.#bytes = bytes;
    this.#view = view;
    this.#layout = layout;
  }

  /** Whether it has a user name. */
  get hasUser(): boolean {
    return this.#bytes[this.offset + this.#layout.user.offset] !== 0;
  }

  /** Whether all its bytes are 0. */
  get isZero(): boolean {
    const bytes = this.#bytes.subarray(this.offset, this.offset + this.#layout.size);
    return bytes.every((byte) => byte === 0);
  }

  get line(): string {
    const { offset, length } = this.#layout.line;
    return visibleText(this.#bytes, this.offset + offset, length);
  }

  get user(): string {
    const { offset, length } = this.#layout.user;
    return visibleText(this.#bytes, this.offset + offset, length);
  }

  get host(): string {
    const { offset, length } = this.#layout.host;
    return visibleText(this.#bytes, this.offset + offset, length);
  }

  /**
   * The host as `parseIpv4` gives it; null if it is something else, or the same text as the line. Takes much less
   * time than to decode the text.
   */
  get hostIpv4(): number | null {
    const { line, host } = this.#layout;
    const start = this.offset + host.offset;
    const address = parseIpv4(this.#bytes, start, host.length);
    if (address === null || this.#bytes[start] !== this.#bytes[this.offset + line.offset]) {
      return address;
    }
    return this.line === this.host ? null : address;
  }

  get seconds(): number {
    const { seconds: field, littleEndian } = this.#layout;
    return readNumber(this.#view, this.offset, { field, littleEndian });
  }

  get microseconds(): number {
    const { microseconds: field, littleEndian } = this.#layout;
    return readNumber(this.#view, this.offset, { field, littleEndian });
  }

  get address(): string {
    return addressText(this.#view, this.offset + this.#layout.address.offset);
  }

  /** The whole record. It does not refer to the bytes of the file. */
  decoded(): UtmpRecord {
    const [bytes, view, layout] = [this.#bytes, this.#view, this.#layout];
    const { offset, type } = this;
    const { littleEndian } = layout;
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
      seconds: readNumber(view, offset, { field: layout.seconds, littleEndian }),
      microseconds: readNumber(view, offset, { field: layout.microseconds, littleEndian }),
      address: addressText(view, offset + layout.address.offset),
    };
  }
}
