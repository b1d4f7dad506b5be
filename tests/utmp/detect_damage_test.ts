import fc from "fast-check";
import { detectLayout } from "../../lib/utmp/detect.ts";
import { LAYOUT_NAMES, type LayoutName } from "../../lib/utmp/layout.ts";
import { decodeUtmp } from "../../lib/utmp/decode.ts";
import { assertEquals } from "../support/assert.ts";
import { encodeUtmp } from "../support/encode_utmp.ts";
import { logins } from "../support/logins.ts";
import { expectedRecords, readFixture, REAL_FILES } from "../support/fixtures.ts";
import { halfSpoiled } from "../support/spoil.ts";

/** A file of each layout: that of the port if there is one, or the same records in its layout. */
function fileOf(name: LayoutName): Uint8Array {
  const [file] = REAL_FILES.find(([, layout]) => layout === name) ?? [];
  if (file !== undefined) return readFixture(file);
  const records = expectedRecords("384le").map((record) => {
    const [a = 0, b = 0, c = 0, d = 0] = record.address.split(".").map(Number);
    return { ...record, address: Uint8Array.of(a, b, c, d, ...new Uint8Array(12)) };
  });
  return encodeUtmp(name, records);
}

for (const name of LAYOUT_NAMES) {
  const always = LAYOUT_NAMES.map(() => ({ layout: name, isMatch: true }));

  Deno.test(`${name} is detected if any half of the records is damaged in any way`, () => {
    fc.assert(
      fc.property(halfSpoiled(name, fileOf(name)), (bytes) => {
        assertEquals(LAYOUT_NAMES.map((native) => detectLayout(bytes, native)), always);
      }),
      { numRuns: 1_000 },
    );
  });

  Deno.test(`${name} is detected if half of thousands of records is damaged`, () => {
    fc.assert(
      fc.property(halfSpoiled(name, encodeUtmp(name, logins(3_000))), (bytes) => {
        assertEquals(LAYOUT_NAMES.map((native) => detectLayout(bytes, native)), always);
      }),
      { numRuns: 5 },
    );
  });

  for (const [what, from, to] of [["first", 0, 1_500], ["last", 1_500, 3_000]] as const) {
    Deno.test(`${name} is detected if the ${what} half of many records is random bytes`, () => {
      const bytes = encodeUtmp(name, logins(3_000));
      const size = bytes.length / 3_000;
      for (let at = from * size; at < to * size; at += 65_536) {
        crypto.getRandomValues(bytes.subarray(at, Math.min(at + 65_536, to * size)));
      }
      assertEquals(LAYOUT_NAMES.map((native) => detectLayout(bytes, native)), always);
    });
  }
}

Deno.test("two good and two broken records of 384le are not read as 400le", () => {
  const bytes = readFixture("two-bad-records.utmp");
  const { layout, isMatch } = detectLayout(bytes, "400le");
  assertEquals([layout, isMatch], ["384le", true]);
  const { records, faults } = decodeUtmp(bytes, layout);
  assertEquals(records.map(({ user, line, host }) => [user, line, host]), [
    ["alice", "tty1", ""],
    ["bob", "pts/0", "192.0.2.5"],
  ]);
  assertEquals(faults.length, 2);
});
