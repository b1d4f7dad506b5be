import { decodeUtmp, LAST_SECOND } from "../../lib/utmp/decode.ts";
import { LAYOUT_NAMES, type LayoutName, LAYOUTS } from "../../lib/utmp/layout.ts";
import { RECORD_TYPES } from "../../lib/utmp/record.ts";
import { assertEquals } from "../support/assert.ts";
import { encodeUtmp, type RecordFields } from "../support/encode_utmp.ts";
import { expectedRecords, FIXTURES, readFixture } from "../support/fixtures.ts";

const LOGIN = { type: "user_process", seconds: 1_753_280_160 } as const;
const ALICE = { ...LOGIN, user: "alice", line: "pts/0" };
const BOB = { ...LOGIN, user: "bob", line: "tty1" };

/** Checks that the second of three records is a fault, and that the others are decoded. */
function assertFault(name: LayoutName, second: RecordFields, why: string): void {
  const { size } = LAYOUTS[name];
  const { records, faults } = decodeUtmp(encodeUtmp(name, [ALICE, second, BOB]), name);
  assertEquals(faults, [{ offset: size, length: size, why }]);
  assertEquals(records.map(({ user }) => user), ["alice", "bob"]);
}

for (const [file, layout] of FIXTURES) {
  Deno.test(`${file} has all records that were written, and no fault`, () => {
    const decoded = decodeUtmp(readFixture(file), layout);
    assertEquals(decoded, { layout, records: expectedRecords(layout), faults: [] });
  });
}

Deno.test("a file that utmps wrote on i386 has the boot, the getty and three logins", () => {
  const { records, faults } = decodeUtmp(readFixture("i386-utmps.utmp"), "392le");
  const rows = records.map((
    { type, pid, line, user, host, seconds },
  ) => [type, pid, line, user, host, seconds]);
  assertEquals(rows, [
    ["boot_time", 0, "~", "reboot", "6.12.0", 1_700_000_000],
    ["login_process", 901, "tty1", "LOGIN", "", 1_700_000_005],
    ["user_process", 1_001, "tty2", "alice", "", 1_700_000_100],
    ["user_process", 1_002, "pts/0", "bob", "192.0.2.7", 1_700_000_200],
    ["user_process", 1_003, "pts/1", "carol", "2001:db8::7", 1_700_000_300],
  ]);
  assertEquals(faults, []);
});

for (const name of LAYOUT_NAMES) {
  const { size } = LAYOUTS[name];

  for (const tail of [1, 2, 4, 15, 16, size - 1]) {
    Deno.test(`${name}: a tail of ${tail} bytes is one fault, and every record before it is kept`, () => {
      const bytes = encodeUtmp(name, [ALICE, BOB, ALICE]);
      const { records, faults } = decodeUtmp(bytes.subarray(0, 2 * size + tail), name);
      const why = `${tail} bytes are not a whole record`;
      assertEquals(faults, [{ offset: 2 * size, length: tail, why }]);
      assertEquals(records, decodeUtmp(bytes.subarray(0, 2 * size), name).records);
    });
  }

  for (const type of [-32_768, -1, 10, 11, 32_767]) {
    Deno.test(`${name}: a record of type ${type} is a fault, and its neighbours are kept`, () => {
      assertFault(name, { ...BOB, type }, `type ${type} is not 0 to 9`);
    });
  }

  Deno.test(`${name}: types 0 to 9 have their names`, () => {
    const bytes = encodeUtmp(name, RECORD_TYPES.map((_, type) => ({ type })));
    const types = decodeUtmp(bytes, name).records.map(({ type }): string => type);
    const first = ["empty", "run_lvl", "boot_time", "new_time", "old_time", "init_process"];
    assertEquals(types, [...first, "login_process", "user_process", "dead_process", "accounting"]);
  });
}

for (const name of ["400le", "400be"] as const) {
  for (const seconds of [-1, -(2 ** 31), -(2 ** 53), LAST_SECOND + 1, 2 ** 53, 2 ** 62]) {
    Deno.test(`${name}: a time of ${seconds} is a fault, and its neighbours are kept`, () => {
      assertFault(name, { ...BOB, seconds }, `time ${seconds} is not between 1970 and 9999`);
    });
  }
}

const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59) / 1000;

for (
  const [name, times] of [
    ["384le", [2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]],
    ["384be", [2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]],
    ["400le", [LATEST]],
    ["400be", [LATEST]],
  ] as const
) {
  for (const seconds of times) {
    Deno.test(`${name}: a time of ${seconds} is valid`, () => {
      const { records, faults } = decodeUtmp(encodeUtmp(name, [{ seconds }]), name);
      assertEquals([records[0]?.seconds, faults.length], [seconds, 0]);
    });
  }
}

for (const name of LAYOUT_NAMES) {
  Deno.test(`${name}: full fields without a NUL are complete, and end at their length`, () => {
    const ids = { id: "iiid", termination: 0x0101, exit: 0x0202 };
    const texts = { user: `${"u".repeat(31)}r`, host: `${"h".repeat(255)}t` };
    const full = { line: `${"l".repeat(31)}e`, ...ids, ...texts };
    const { records } = decodeUtmp(encodeUtmp(name, [{ ...ALICE, ...full }]), name);
    const [alice] = decodeUtmp(encodeUtmp(name, [ALICE]), name).records;
    assertEquals([...records], [{ ...alice, ...full }]);
  });

  Deno.test(`${name}: padding that is not zero does not change the type`, () => {
    const bytes = encodeUtmp(name, [ALICE]);
    // m68k has none.
    bytes.fill(0xff, 2, LAYOUTS[name].pid.offset);
    assertEquals(decodeUtmp(bytes, name), decodeUtmp(encodeUtmp(name, [ALICE]), name));
  });
}
