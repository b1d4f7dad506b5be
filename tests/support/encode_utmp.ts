import { type LayoutName, LAYOUTS, type NumberField } from "../../lib/utmp/layout.ts";
import { RECORD_TYPES, type RecordType } from "../../lib/utmp/record.ts";

/** The fields of a record; those left out are zero or empty. */
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

const NUMBERS = ["pid", "termination", "exit", "session", "seconds", "microseconds"] as const;
const TEXTS = ["line", "id", "user", "host", "address"] as const;

const SETTERS: Readonly<
  Record<NumberField["kind"], (view: DataView, at: number, value: number, little: boolean) => void>
> = {
  int16: (view, ...number) => view.setInt16(...number),
  int32: (view, ...number) => view.setInt32(...number),
  uint32: (view, ...number) => view.setUint32(...number),
  int64: (view, at, value, little) => view.setBigInt64(at, BigInt(value), little),
};

/** A utmp file with these records, as the port of the layout writes it. Text that is too long is truncated. */
export function encodeUtmp(
  name: LayoutName,
  records: readonly RecordFields[],
): Uint8Array<ArrayBuffer> {
  const layout = LAYOUTS[name];
  const bytes = new Uint8Array(layout.size * records.length);
  const view = new DataView(bytes.buffer);
  records.forEach((record, i) => {
    const start = i * layout.size;
    const number = ({ kind, offset }: NumberField, value = 0): void =>
      SETTERS[kind](view, start + offset, value, layout.littleEndian);
    const { type = "empty" } = record;
    number(layout.type, typeof type === "number" ? type : RECORD_TYPES.indexOf(type));
    for (const key of NUMBERS) number(layout[key], record[key]);
    for (const key of TEXTS) {
      const value = record[key] ?? "";
      const encoded = typeof value === "string" ? new TextEncoder().encode(value) : value;
      bytes.set(encoded.subarray(0, layout[key].length), start + layout[key].offset);
    }
  });
  return bytes;
}
