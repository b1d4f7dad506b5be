import { type LayoutName, LAYOUTS, type NumberField } from "../../lib/utmp/layout.ts";
import { RECORD_TYPES, type RecordType } from "../../lib/utmp/record.ts";

/** What a test writes into a record; everything left out is zero or empty. */
export interface RecordFields {
  readonly type?: RecordType | number;
  readonly pid?: number;
  readonly line?: string | Uint8Array;
  readonly id?: string | Uint8Array;
  readonly user?: string | Uint8Array;
  readonly host?: string | Uint8Array;
  readonly termination?: number;
  readonly exit?: number;
  readonly session?: number;
  readonly seconds?: number;
  readonly microseconds?: number;
  /** 16 bytes in network order. */
  readonly address?: Uint8Array;
}

/** A utmp file with these records, as the port of the layout would write it. Text too long is cut. */
export function encodeUtmp(
  name: LayoutName,
  records: readonly RecordFields[],
): Uint8Array<ArrayBuffer> {
  const layout = LAYOUTS[name];
  const bytes = new Uint8Array(layout.size * records.length);
  const view = new DataView(bytes.buffer);
  records.forEach((record, i) => {
    const start = i * layout.size;
    const number = (field: NumberField, value = 0): void =>
      writeNumber(view, start, { field, littleEndian: layout.littleEndian, value });
    const text = (key: "line" | "id" | "user" | "host" | "address"): void => {
      const value = record[key] ?? "";
      const encoded = typeof value === "string" ? new TextEncoder().encode(value) : value;
      bytes.set(encoded.subarray(0, layout[key].length), start + layout[key].offset);
    };
    const { type = "empty" } = record;
    number(layout.type, typeof type === "number" ? type : RECORD_TYPES.indexOf(type));
    number(layout.pid, record.pid);
    number(layout.termination, record.termination);
    number(layout.exit, record.exit);
    number(layout.session, record.session);
    number(layout.seconds, record.seconds);
    number(layout.microseconds, record.microseconds);
    for (const key of ["line", "id", "user", "host", "address"] as const) text(key);
  });
  return bytes;
}

function writeNumber(
  view: DataView,
  start: number,
  { field, littleEndian, value }: {
    readonly field: NumberField;
    readonly littleEndian: boolean;
    readonly value: number;
  },
): void {
  const at = start + field.offset;
  switch (field.kind) {
    case "int16":
      return view.setInt16(at, value, littleEndian);
    case "int32":
      return view.setInt32(at, value, littleEndian);
    case "uint32":
      return view.setUint32(at, value, littleEndian);
    case "int64":
      return view.setBigInt64(at, BigInt(value), littleEndian);
  }
}
