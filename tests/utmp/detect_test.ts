import { chooseLayout, detectLayout } from "../../lib/utmp/detect.ts";
import { LAYOUT_NAMES, type LayoutName, LAYOUTS } from "../../lib/utmp/layout.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { encodeUtmp, type RecordFields } from "../support/encode_utmp.ts";
import { FIXTURES, readFixture } from "../support/fixtures.ts";

/** The detected layout for each native layout. */
function found(bytes: Uint8Array): readonly LayoutName[] {
  return LAYOUT_NAMES.map((native) => detectLayout(bytes, native).layout);
}

/** The same layout for each native layout. */
function always(name: LayoutName): readonly LayoutName[] {
  return LAYOUT_NAMES.map(() => name);
}

const BOOT = { type: "boot_time", line: "~", id: "~~", user: "reboot", seconds: 1.753e9 } as const;
const IDS = { pid: 812, session: 812 };
const GETTY = { ...BOOT, ...IDS, type: "login_process", line: "tty1", user: "LOGIN" } as const;
const ALICE = {
  type: "user_process",
  pid: 2001,
  line: "pts/0",
  id: "ts/0",
  user: "alice",
  host: "192.0.2.1",
  session: 2001,
  seconds: 1_753_280_160,
  microseconds: 500_000,
  address: Uint8Array.of(192, 0, 2, 1),
} as const;
const EXIT = { termination: 15, exit: 1 };
const DEAD = { ...ALICE, ...EXIT, type: "dead_process", user: "", host: "" } as const;

for (const [file, name] of FIXTURES) {
  Deno.test(`${file} is ${name}, and so is every part of it from the start with at least one record`, () => {
    const bytes = readFixture(file);
    for (let length = LAYOUTS[name].size; length <= bytes.length; length++) {
      assertEquals(found(bytes.subarray(0, length)), always(name), `${length} bytes`);
    }
  });

  Deno.test(`less than one record of ${file} has its byte order, and matches a record`, () => {
    const order = name.slice(-2);
    for (const length of [2, 4, 335, 381]) {
      const bytes = readFixture(file).subarray(0, length);
      const detections = LAYOUT_NAMES.map((native) => detectLayout(bytes, native));
      assert(detections.every(({ layout }) => layout.endsWith(order)), `${length} bytes`);
      assert(detections.every(({ isMatch }) => isMatch), `${length} bytes`);
    }
  });
}

/** The same records with another time. */
function at(seconds: number, ...records: readonly RecordFields[]): readonly RecordFields[] {
  return records.map((record) => ({ ...record, seconds }));
}

const DIGITS = { ...ALICE, host: "1753280160".repeat(26) };
const LEFT_OVER = { ...ALICE, type: "empty" } as const;
/** Two logins that differ only in the line, written while the clock was not set. */
const CLOCKLESS = ["pts/0", "pts/1"].map((line) => {
  return { ...ALICE, line, seconds: 300, microseconds: 0 };
});

/** Files that the property tests do not cover. */
const FILES: Readonly<Record<string, readonly RecordFields[]>> = {
  "one user whose host is the whole field in digits": [{ ...ALICE, host: "1".repeat(256) }],
  "hosts that are the whole field in digits": Array<RecordFields>(60).fill(DIGITS),
  "users after 100 empty records": [...Array<RecordFields>(100).fill({}), ALICE, GETTY],
  "empty records with left-over text before one user": [LEFT_OVER, LEFT_OVER, ALICE],
  "times of 2038-01-19 and after": at(2 ** 31, BOOT, ALICE),
  "times of 2106-02-07": at(2 ** 32 - 1, BOOT, ALICE),
  "a boot and a user with a time of 0": at(0, BOOT, ALICE),
  "a boot and a user of 1970": at(25, BOOT, GETTY, ALICE, DEAD),
  "a boot of 1970 before the clock was set": [...at(25, BOOT), ...at(30, GETTY), ALICE],
  "no clock, and an address that could be a time": CLOCKLESS,
};

for (const [what, records] of Object.entries(FILES)) {
  for (const name of LAYOUT_NAMES) {
    Deno.test(`${name} is detected: ${what}`, () => {
      assertEquals(found(encodeUtmp(name, records)), always(name));
    });
  }
}

for (const name of LAYOUT_NAMES) {
  for (const length of [9_600, 19_200, 96_000]) {
    Deno.test(`${name} is detected in ${length} bytes, a multiple of both sizes`, () => {
      const some = [BOOT, GETTY, ALICE, DEAD, {}, { ...ALICE, microseconds: 0 }];
      const count = length / LAYOUTS[name].size;
      const records = Array.from({ length: count }, (_, i) => some[i % 6] ?? {});
      assertEquals(found(encodeUtmp(name, records)), always(name));
    });
  }

  for (const tail of [1, 15, 16, 17, 383]) {
    Deno.test(`${name} is detected before a tail of ${tail} bytes`, () => {
      const records = encodeUtmp(name, [BOOT, GETTY, ALICE]);
      const bytes = new Uint8Array(records.length + tail).fill(0xff);
      bytes.set(records);
      assertEquals(found(bytes), always(name));
    });
  }
}

for (
  const [length, sizes, isMatch] of [
    [0, [384, 392, 400, 382], true],
    [382, [382], true],
    [384, [384], true],
    [392, [392], true],
    [400, [400], true],
    [768, [384], true],
    [9_600, [384, 400], true],
    [100, [384, 392, 400, 382], false],
    [386, [384, 392, 400, 382], false],
    [800, [400], true],
  ] as const
) {
  Deno.test(`${length} zero bytes match only if they are whole empty records`, () => {
    for (const native of LAYOUT_NAMES) {
      const detection = detectLayout(new Uint8Array(length), native);
      const fits = sizes.some((size) => size === LAYOUTS[native].size);
      if (fits) assertEquals(detection.layout, native);
      assertEquals(detection.isMatch, isMatch);
    }
  });
}

Deno.test("a wanted layout is used for any file, and matches only its own; auto detects it", () => {
  const bytes = encodeUtmp("400be", [BOOT, ALICE, GETTY]);
  for (const wanted of LAYOUT_NAMES) {
    const expected = { layout: wanted, isMatch: wanted === "400be" };
    assertEquals(chooseLayout(bytes, { wanted, native: "384le" }), expected);
  }
  const detected = { layout: "400be", isMatch: true } as const;
  assertEquals(chooseLayout(bytes, { wanted: "auto", native: "384le" }), detected);
});

for (const name of LAYOUT_NAMES) {
  Deno.test(`${name} is detected if the clock was not set and the end is half-written`, () => {
    const bytes = encodeUtmp(name, [...at(5, BOOT), ...CLOCKLESS]);
    assertEquals(found(bytes.subarray(0, -7)), always(name));
  });
}
