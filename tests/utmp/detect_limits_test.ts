import { detectLayout, MAX_LOOKED_AT, MAX_VOTERS } from "../../lib/utmp/detect.ts";
import { LAYOUT_NAMES, type LayoutName } from "../../lib/utmp/layout.ts";
import { assertEquals } from "../assert.ts";
import { encodeUtmp, type RecordFields } from "../encode_utmp.ts";

/** One whole record, for a layout or against it as often as it is written: no two strides agree on it. */
const VOTER = {
  type: "user_process",
  pid: 0x01010101,
  line: "l".repeat(32),
  id: "iiii",
  user: "u".repeat(32),
  host: "h".repeat(256),
  seconds: 1_753_280_160,
} as const;

/** Which of the native layouts are found; with a tie each is, else only the one that has more votes. */
function found(bytes: Uint8Array): readonly LayoutName[] {
  const names = LAYOUT_NAMES.filter((name) => name.startsWith("384"));
  return names.map((native) => detectLayout(bytes, native));
}

/** Big-endian records before little-endian ones, and nothing else in the file. */
function mixed(big: number, little: number): Uint8Array {
  const parts = [
    encodeUtmp("384be", Array<RecordFields>(big).fill(VOTER)),
    encodeUtmp("384le", Array<RecordFields>(little).fill(VOTER)),
  ];
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

Deno.test(`${MAX_VOTERS} records vote`, () => {
  assertEquals(MAX_VOTERS, 64);
});

for (
  const [big, little, expected] of [
    [31, 32, ["384le", "384le"]],
    [32, 31, ["384be", "384be"]],
    [31, 33, ["384le", "384le"]],
    [32, 32, ["384le", "384be"]],
    [32, 33, ["384le", "384be"]],
    [32, 900, ["384le", "384be"]],
    [33, 900, ["384be", "384be"]],
  ] as const
) {
  Deno.test(`${big} big-endian records before ${little} little-endian: ${expected.join(", ")}`, () => {
    assertEquals(found(mixed(big, little)), [...expected]);
  });
}

Deno.test("empty records take no vote away", () => {
  const empty = new Uint8Array(384 * 200);
  const bytes = new Uint8Array([...empty, ...mixed(31, 33)]);
  assertEquals(found(bytes), ["384le", "384le"]);
});

for (
  const [before, expected] of [
    [MAX_LOOKED_AT - 2, ["384le", "384le"]],
    [MAX_LOOKED_AT - 1, ["384le", "384le"]],
    [MAX_LOOKED_AT, ["384le", "384be"]],
    [MAX_LOOKED_AT + 1, ["384le", "384be"]],
  ] as const
) {
  Deno.test(`a little-endian record after ${before} empty ones: ${expected.join(", ")}`, () => {
    const records: readonly RecordFields[] = [...Array<RecordFields>(before).fill({}), VOTER];
    assertEquals(found(encodeUtmp("384le", records)), [...expected]);
  });
}

Deno.test("1,024 records are looked at", () => {
  assertEquals(MAX_LOOKED_AT, 1_024);
});

/** Whether these records win for their layout, in 9,600 bytes where no length decides. */
function decide(name: LayoutName, records: readonly RecordFields[]): boolean {
  const bytes = new Uint8Array(9_600);
  bytes.set(encodeUtmp(name, records));
  return LAYOUT_NAMES.every((native) => detectLayout(bytes, native) === name);
}

const USER = { type: "user_process", line: "tty1", user: "bob", seconds: 1_753_280_160 } as const;

const LATIN1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

/** A record, and its vote. */
const RECORDS: readonly (readonly [string, RecordFields, "for" | "none" | "against"])[] = [
  ["a user", USER, "for"],
  ["type 1", { ...USER, type: 1 }, "for"],
  ["type 9", { ...USER, type: 9 }, "for"],
  ["type 10", { ...USER, type: 10 }, "against"],
  ["type -1", { ...USER, type: -1 }, "against"],
  ["no line and no user", { ...USER, line: "", user: "" }, "for"],
  ["a line with a control byte", { ...USER, line: "tty\x1f" }, "against"],
  ["a line with DEL", { ...USER, line: "tty\x7f" }, "against"],
  [
    "a full line with a control byte at its end",
    { ...USER, line: "t".repeat(31) + "\n" },
    "against",
  ],
  ["a full line", { ...USER, line: "t".repeat(32) }, "for"],
  ["a line with control bytes left over after NUL", { ...USER, line: "tty1\0\x01\x02" }, "for"],
  ["a line with a space", { ...USER, line: "system boot" }, "for"],
  ["a user with a control byte", { ...USER, user: "\tbob" }, "against"],
  ["a user with control bytes left over after NUL", { ...USER, user: "bob\0\x01" }, "for"],
  ["a user in Latin-1", { ...USER, user: LATIN1("andr\xe9") }, "for"],
  ["a user with C1 bytes", { ...USER, user: LATIN1("\x80\x9f") }, "for"],
  ["a host with control bytes", { ...USER, host: "\x01\x02" }, "for"],
  ["an empty record with left-overs", { ...USER, type: "empty", line: "\x01" }, "none"],
  ["the time 0", { ...USER, seconds: 0 }, "none"],
  ["the last second of 1989", { ...USER, seconds: 631_151_999 }, "none"],
  ["the first second of 1990", { ...USER, seconds: 631_152_000 }, "for"],
  ["the last second of 32 bits", { ...USER, seconds: 2 ** 32 - 1 }, "for"],
];

/** With so many between two records, no other stride meets text in the second one. */
const APART: readonly RecordFields[] = [{}, {}, {}, {}];

const LONG_TIMES: typeof RECORDS = [
  ["the time -1", { ...USER, seconds: -1 }, "against"],
  ["a time beyond 32 bits", { ...USER, seconds: 2 ** 32 }, "against"],
];

for (const name of LAYOUT_NAMES) {
  for (
    const [what, record, vote] of name.startsWith("400") ? RECORDS.concat(LONG_TIMES) : RECORDS
  ) {
    Deno.test(`${name}: ${what} has a vote: ${vote}`, () => {
      assertEquals(decide(name, [record]), vote === "for");
      assertEquals(decide(name, [USER, ...APART, record]), vote !== "against");
    });
  }
}
