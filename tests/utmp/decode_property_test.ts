import fc from "fast-check";
import { decodeUtmp, LAST_SECOND } from "../../lib/utmp/decode.ts";
import { LAYOUT_NAMES, LAYOUTS } from "../../lib/utmp/layout.ts";
import { RECORD_TYPES } from "../../lib/utmp/record.ts";
import { assertEquals } from "../support/assert.ts";
import { encodeUtmp } from "../support/encode_utmp.ts";

const LAYOUT = fc.constantFrom(...LAYOUT_NAMES);

/** Arbitrary bytes, most of them zero in half of the cases: then many records are well-formed. */
const BYTES = fc.oneof(
  fc.uint8Array({ maxLength: 2_000, size: "max" }),
  fc.tuple(
    fc.integer({ min: 0, max: 4_000 }),
    fc.array(fc.tuple(fc.nat(3_999), fc.nat(255)), { maxLength: 60 }),
  ).map(([length, writes]) => {
    const bytes = new Uint8Array(length);
    for (const [at, byte] of writes) bytes.set(at < length ? [byte] : [], Math.min(at, length));
    return bytes;
  }),
);

Deno.test("property: records and faults account for every byte of any file, in order", () => {
  fc.assert(
    fc.property(BYTES, LAYOUT, (bytes, name) => {
      const { layout, records, faults } = decodeUtmp(bytes, name);
      const { size } = LAYOUTS[name];
      const spans = [
        ...records.map(({ offset }) => ({ offset, length: size })),
        ...faults.map(({ offset, length }) => ({ offset, length })),
      ].sort((a, b) => a.offset - b.offset);
      const expected = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => ({
        offset: i * size,
        length: Math.min(size, bytes.length - i * size),
      }));
      assertEquals(spans, expected);
      for (const found of [records, faults]) {
        const offsets = found.map(({ offset }) => offset);
        assertEquals(offsets, offsets.toSorted((a, b) => a - b));
      }
      assertEquals(layout, name);
    }),
    { numRuns: 1_500 },
  );
});

Deno.test("bytes inside a buffer are decoded from their own start", () => {
  fc.assert(
    fc.property(BYTES, LAYOUT, fc.nat(40), (bytes, name, before) => {
      const buffer = new Uint8Array(before + bytes.length + 400).fill(0x07);
      buffer.set(bytes, before);
      const inside = buffer.subarray(before, before + bytes.length);
      assertEquals(decodeUtmp(inside, name), decodeUtmp(bytes, name));
    }),
    { numRuns: 500 },
  );
});

/** Text without an escape that fits into this number of bytes. */
function printable(length: number): fc.Arbitrary<string> {
  return fc.string({ unit: "grapheme", maxLength: length }).filter((text) =>
    new TextEncoder().encode(text).length <= length &&
    !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\\x[0-9a-f]{2}/u.test(text)
  );
}

const INT32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const INT16 = fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 });

const ADDRESS = fc.oneof(
  fc.constant({ bytes: new Uint8Array(16), text: "" }),
  fc.tuple(fc.integer({ min: 1, max: 255 }), fc.nat(255)).map(([first, last]) => ({
    bytes: Uint8Array.of(first, 0, 2, last, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    text: `${first}.0.2.${last}`,
  })),
  fc.integer({ min: 1, max: 255 }).map((last) => ({
    bytes: Uint8Array.of(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last),
    text: `2001:db8::${last.toString(16)}`,
  })),
);

for (const name of LAYOUT_NAMES) {
  const { size } = LAYOUTS[name];
  const wide = size === 400 ? fc.maxSafeInteger() : INT32;
  const record = fc.record({
    type: fc.constantFrom(...RECORD_TYPES),
    pid: INT32,
    line: printable(32),
    id: printable(4),
    user: printable(32),
    host: printable(256),
    termination: INT16,
    exit: INT16,
    session: wide,
    seconds: fc.integer({ min: 0, max: size === 400 ? LAST_SECOND : 2 ** 32 - 1 }),
    microseconds: wide,
    address: ADDRESS,
  });

  Deno.test(`${name}: a record is decoded as it was encoded`, () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 4 }), (records) => {
        const written = records.map((each) => ({ ...each, address: each.address.bytes }));
        const expected = records.map((each, i) => {
          return { ...each, offset: i * size, address: each.address.text };
        });
        const decoded = { layout: name, records: expected, faults: [] };
        assertEquals(decodeUtmp(encodeUtmp(name, written), name), decoded);
      }),
      { numRuns: 300 },
    );
  });
}
