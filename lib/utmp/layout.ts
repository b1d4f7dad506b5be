/** The name of a layout: the size of a record in bytes, and its byte order. */
export type LayoutName = "384le" | "384be" | "400le" | "400be";

/** Where a number stands in a record, and how it is stored. */
export interface NumberField {
  readonly offset: number;
  readonly kind: "int16" | "int32" | "uint32" | "int64";
}

/** Where a string or an address stands in a record, in bytes. */
export interface BytesField {
  readonly offset: number;
  readonly length: number;
}

/** One `struct utmp` as it lies on disk. Offsets and sizes are in bytes. */
export interface Layout {
  readonly name: LayoutName;
  readonly size: number;
  readonly littleEndian: boolean;
  readonly type: NumberField;
  readonly pid: NumberField;
  readonly line: BytesField;
  readonly id: BytesField;
  readonly user: BytesField;
  readonly host: BytesField;
  readonly termination: NumberField;
  readonly exit: NumberField;
  readonly session: NumberField;
  readonly seconds: NumberField;
  readonly microseconds: NumberField;
  readonly address: BytesField;
}

/** The first 336 bytes, the same in every port (glibc `bits/utmp.h`). */
const HEAD = {
  type: { offset: 0, kind: "int16" },
  pid: { offset: 4, kind: "int32" },
  line: { offset: 8, length: 32 },
  id: { offset: 40, length: 4 },
  user: { offset: 44, length: 32 },
  host: { offset: 76, length: 256 },
  termination: { offset: 332, kind: "int16" },
  exit: { offset: 334, kind: "int16" },
} as const;

/**
 * Ports with 32-bit times in utmp: x86-64, i386, arm, ppc64, riscv64, sparc64, mips. The seconds are
 * unsigned since glibc 2.40, which lasts until 2106 (glibc `utmp-size.h`, `__WORDSIZE_TIME64_COMPAT32`).
 */
const TAIL_384 = {
  size: 384,
  session: { offset: 336, kind: "int32" },
  seconds: { offset: 340, kind: "uint32" },
  microseconds: { offset: 344, kind: "int32" },
  address: { offset: 348, length: 16 },
} as const;

/** Ports with 64-bit times in utmp: aarch64, loongarch64, alpha, s390, s390x, and musl with utmps. */
const TAIL_400 = {
  size: 400,
  session: { offset: 336, kind: "int64" },
  seconds: { offset: 344, kind: "int64" },
  microseconds: { offset: 352, kind: "int64" },
  address: { offset: 360, length: 16 },
} as const;

/** Every layout that a Linux port writes, by name. */
export const LAYOUTS: Readonly<Record<LayoutName, Layout>> = {
  "384le": { name: "384le", littleEndian: true, ...HEAD, ...TAIL_384 },
  "384be": { name: "384be", littleEndian: false, ...HEAD, ...TAIL_384 },
  "400le": { name: "400le", littleEndian: true, ...HEAD, ...TAIL_400 },
  "400be": { name: "400be", littleEndian: false, ...HEAD, ...TAIL_400 },
};

/** The names of {@link LAYOUTS}, in a fixed order. */
export const LAYOUT_NAMES: readonly LayoutName[] = ["384le", "384be", "400le", "400be"];

/**
 * Reads one number of the record that begins at `start`.
 *
 * An int64 beyond 2^53 is rounded to the nearest double. The caller keeps the record inside the view;
 * outside it the view throws a RangeError.
 */
export function readNumber(
  view: DataView,
  start: number,
  { field, littleEndian }: { readonly field: NumberField; readonly littleEndian: boolean },
): number {
  const at = start + field.offset;
  switch (field.kind) {
    case "int16":
      return view.getInt16(at, littleEndian);
    case "int32":
      return view.getInt32(at, littleEndian);
    case "uint32":
      return view.getUint32(at, littleEndian);
    case "int64": {
      const high = view.getInt32(littleEndian ? at + 4 : at, littleEndian);
      const low = view.getUint32(littleEndian ? at : at + 4, littleEndian);
      return high * 2 ** 32 + low;
    }
  }
}
