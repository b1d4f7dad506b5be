import fc from "fast-check";
import { LAYOUT_NAMES, LAYOUTS, type NumberField, readNumber } from "../../lib/utmp/layout.ts";
import { assertEquals, assertThrows } from "../support/assert.ts";

/** Field, its type or length, and its offset in 384, 400, 392 and 382 bytes, from the headers of each port. */
const FIELDS = [
  ["type", "int16", [0, 0, 0, 0]],
  ["pid", "int32", [4, 4, 4, 2]],
  ["line", 32, [8, 8, 8, 6]],
  ["id", 4, [40, 40, 40, 38]],
  ["user", 32, [44, 44, 44, 42]],
  ["host", 256, [76, 76, 76, 74]],
  ["termination", "int16", [332, 332, 332, 330]],
  ["exit", "int16", [334, 334, 334, 332]],
  ["session", ["int32", "int64", "int32", "int32"], [336, 336, 336, 334]],
  ["seconds", ["uint32", "int64", "int64", "uint32"], [340, 344, 340, 338]],
  ["microseconds", ["int32", "int64", "int64", "int32"], [344, 352, 348, 342]],
  ["address", 16, [348, 360, 356, 346]],
] as const;

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

Deno.test("the layouts are those of the Linux ports", () => {
  assertEquals([...LAYOUT_NAMES], EXPECTED.map(([name]) => name));
  assertEquals(Object.keys(LAYOUTS), [...LAYOUT_NAMES]);
});

for (const [name, column, size, littleEndian] of EXPECTED) {
  Deno.test(`${name} has its size, its byte order and the fields of the headers`, () => {
    const fields = FIELDS.map(([field, type, offsets]) => {
      const offset = offsets[column];
      if (typeof type === "number") return [field, { offset, length: type }];
      return [field, { offset, kind: typeof type === "string" ? type : type[column] }];
    });
    assertEquals<unknown>(LAYOUTS[name], {
      name,
      size,
      littleEndian,
      ...Object.fromEntries(fields),
    });
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
