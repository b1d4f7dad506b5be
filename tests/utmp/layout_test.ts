import fc from "fast-check";
import {
  type Layout,
  LAYOUT_NAMES,
  LAYOUTS,
  type NumberField,
  readNumber,
} from "../../lib/utmp/layout.ts";
import { assert, assertEquals, assertThrows } from "../support/assert.ts";

/** Field, and its offset in 384, 400, 392 and 382 bytes, as `offsetof` gives them in each port. */
const TABLE = [
  ["type", 0, 0, 0, 0],
  ["pid", 4, 4, 4, 2],
  ["line", 8, 8, 8, 6],
  ["id", 40, 40, 40, 38],
  ["user", 44, 44, 44, 42],
  ["host", 76, 76, 76, 74],
  ["termination", 332, 332, 332, 330],
  ["exit", 334, 334, 334, 332],
  ["session", 336, 336, 336, 334],
  ["seconds", 340, 344, 340, 338],
  ["microseconds", 344, 352, 348, 342],
  ["address", 348, 360, 356, 346],
] as const;

const FIELDS = TABLE.map(([field]) => field);

/** For each layout its column in the table, its size and its byte order. */
const EXPECTED = [
  ["384le", 0, 384, true],
  ["384be", 0, 384, false],
  ["400le", 1, 400, true],
  ["400be", 1, 400, false],
  ["392le", 2, 392, true],
  ["392be", 2, 392, false],
  ["382be", 3, 382, false],
] as const;

/** Bytes of a text, and kinds of the three numbers that differ, in the same columns. */
const TEXTS = { line: 32, id: 4, user: 32, host: 256, address: 16 } as const;
const NUMBERS = [
  ["int32", "uint32", "int32"],
  ["int64", "int64", "int64"],
  ["int32", "int64", "int64"],
  ["int32", "uint32", "int32"],
] as const;

const WIDTHS = { int16: 2, int32: 4, uint32: 4, int64: 8 } as const;

function spanOf(layout: Layout, field: typeof FIELDS[number]): readonly [number, number] {
  const fieldLayout = layout[field];
  return [
    fieldLayout.offset,
    fieldLayout.offset + ("kind" in fieldLayout ? WIDTHS[fieldLayout.kind] : fieldLayout.length),
  ];
}

Deno.test("the layouts are those of the Linux ports", () => {
  assertEquals([...LAYOUT_NAMES], EXPECTED.map(([name]) => name));
  assertEquals(Object.keys(LAYOUTS), [...LAYOUT_NAMES]);
});

for (const [name, column, size, littleEndian] of EXPECTED) {
  const layout = LAYOUTS[name];

  Deno.test(`${name} has its size, byte order and field offsets`, () => {
    const offsets = TABLE.map(([field, ...columns]) => [field, columns[column]]);
    assertEquals(FIELDS.map((field) => [field, layout[field].offset]), offsets);
    assertEquals([layout.name, layout.size, layout.littleEndian], [name, size, littleEndian]);
  });

  Deno.test(`${name} has numbers and texts as in the headers`, () => {
    const kinds = FIELDS.map((field) => {
      const fieldLayout = layout[field];
      return [field, "kind" in fieldLayout ? fieldLayout.kind : fieldLayout.length];
    });
    const [session, seconds, microseconds] = NUMBERS[column];
    assertEquals(Object.fromEntries(kinds), {
      type: "int16",
      pid: "int32",
      ...TEXTS,
      termination: "int16",
      exit: "int16",
      session,
      seconds,
      microseconds,
    });
  });

  Deno.test(`${name} has no overlapping fields, and none outside the record`, () => {
    const spans = FIELDS.map((field) => spanOf(layout, field)).sort(([a], [b]) => a - b);
    const bounds = [0, ...spans.flat(), size];
    assertEquals(bounds, bounds.toSorted((a, b) => a - b));
    assert(spans.every(([from, to]) => from < to));
  });
}

for (
  const [kind, hex, big, little] of [
    ["int16", "0007", 7, 0x0700],
    ["int16", "ffff", -1, -1],
    ["int16", "8000", -32_768, 128],
    ["int32", "00000102", 258, 0x02010000],
    ["int32", "fffffffe", -2, -16_777_217],
    ["uint32", "7fffffff", 2 ** 31 - 1, 4_294_967_167],
    ["uint32", "80000000", 2 ** 31, 128],
    ["uint32", "ffffffff", 2 ** 32 - 1, 2 ** 32 - 1],
    ["int64", "0000000068813a50", 1_753_299_536, 5_781_075_355_360_034_816],
    ["int64", "0000000080000001", 2 ** 31 + 1, 72_058_143_793_741_824],
    ["int64", "0000000100000000", 2 ** 32, 16_777_216],
    ["int64", "ffffffffffffffff", -1, -1],
    ["int64", "fffffffeffffffff", -(2 ** 32) - 1, -16_777_217],
    ["int64", "001fffffffffffff", Number.MAX_SAFE_INTEGER, -57_600],
    ["int64", "8000000000000000", -(2 ** 63), 128],
  ] as const
) {
  Deno.test(`${kind} ${hex} is ${big} in big-endian and ${little} in little-endian`, () => {
    const bytes = Uint8Array.fromHex(`aaaaaa${hex}bb`);
    const view = new DataView(bytes.buffer);
    const field: NumberField = { offset: 2, kind };
    const values = [false, true].map((littleEndian) =>
      readNumber(view, 1, { field, littleEndian })
    );
    assertEquals(values, [big, little]);
  });
}

Deno.test("a number outside the view is a RangeError", () => {
  const view = new DataView(new ArrayBuffer(9));
  const field: NumberField = { offset: 2, kind: "int64" };
  assertThrows(() => readNumber(view, 0, { field, littleEndian: true }), RangeError);
});

Deno.test("an int64 is the value of the platform, rounded once", () => {
  fc.assert(
    fc.property(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), fc.boolean(), (value, littleEndian) => {
      const view = new DataView(new ArrayBuffer(8));
      view.setBigInt64(0, value, littleEndian);
      const field: NumberField = { offset: 0, kind: "int64" };
      assertEquals(readNumber(view, 0, { field, littleEndian }), Number(value));
    }),
    { numRuns: 1_000 },
  );
});
