/** The name of a layout: the size of a record in bytes, and its byte order. */
export type LayoutName = "384le" | "384be" | "400le" | "400be" | "392le" | "392be" | "382be";

/** The position and the type of a number in a record. */
export interface NumberField {
  readonly offset: number;
  readonly kind: "int16" | "int32" | "uint32" | "int64";
}

/** The position and length of a string or an address in a record, in bytes. */
export interface BytesField {
  readonly offset: number;
  readonly length: number;
}

/** One `struct utmp` on disk. Offsets and sizes are in bytes. */
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

/** The first 336 bytes, the same in every port but m68k (glibc `bits/utmp.h`). */
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
 * Ports with 32-bit times in utmp: x86-64, i386, arm, ppc64, riscv64, sparc64, mips, hppa, sh. The seconds are
 * unsigned since glibc 2.40 and last until 2106 (glibc `utmp-size.h`, `__WORDSIZE_TIME64_COMPAT32`).
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

/**
 * 32-bit ports with 64-bit times and a 32-bit session that align 64-bit numbers to 4 bytes: ARC and or1k (glibc
 * `sysdeps/arc/utmp-size.h`, `sysdeps/or1k/utmp-size.h`), and musl with utmps on i386 (`utmps/utmpx.h`:
 * `pid_t ut_session`). On ports that align them to 8 bytes, such as 32-bit ARM, utmps writes 400 bytes.
 */
const TAIL_392 = {
  size: 392,
  session: { offset: 336, kind: "int32" },
  seconds: { offset: 340, kind: "int64" },
  microseconds: { offset: 348, kind: "int64" },
  address: { offset: 356, length: 16 },
} as const;

/** m68k, which aligns every number to 2 bytes: no padding after the type (glibc `sysdeps/m68k/utmp-size.h`). */
const WHOLE_382 = {
  size: 382,
  type: { offset: 0, kind: "int16" },
  pid: { offset: 2, kind: "int32" },
  line: { offset: 6, length: 32 },
  id: { offset: 38, length: 4 },
  user: { offset: 42, length: 32 },
  host: { offset: 74, length: 256 },
  termination: { offset: 330, kind: "int16" },
  exit: { offset: 332, kind: "int16" },
  session: { offset: 334, kind: "int32" },
  seconds: { offset: 338, kind: "uint32" },
  microseconds: { offset: 342, kind: "int32" },
  address: { offset: 346, length: 16 },
} as const;

/** Every layout that a Linux port writes, by name. */
export const LAYOUTS: Readonly<Record<LayoutName, Layout>> = {
  "384le": { name: "384le", littleEndian: true, ...HEAD, ...TAIL_384 },
  "384be": { name: "384be", littleEndian: false, ...HEAD, ...TAIL_384 },
  "400le": { name: "400le", littleEndian: true, ...HEAD, ...TAIL_400 },
  "400be": { name: "400be", littleEndian: false, ...HEAD, ...TAIL_400 },
  "392le": { name: "392le", littleEndian: true, ...HEAD, ...TAIL_392 },
  "392be": { name: "392be", littleEndian: false, ...HEAD, ...TAIL_392 },
  "382be": { name: "382be", littleEndian: false, ...WHOLE_382 },
};

/** The names of {@link LAYOUTS}, in a fixed order. */
export const LAYOUT_NAMES: readonly LayoutName[] = [
  "384le",
  "384be",
  "400le",
  "400be",
  "392le",
  "392be",
  "382be",
];

/**
 * Reads one number of the record at `start`.
 *
 * An int64 beyond 2^53 is rounded to the nearest double. Throws a RangeError if the field is outside the
 * view.
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
