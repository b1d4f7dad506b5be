import { chooseLayout, detectLayout, RUN_LENGTH, RUNS } from "../../lib/utmp/detect.ts";
import { LAYOUT_NAMES, type LayoutName, LAYOUTS } from "../../lib/utmp/layout.ts";
import { assertEquals } from "../support/assert.ts";
import { encodeUtmp, type RecordFields } from "../support/encode_utmp.ts";

/** A whole record for one layout. With other record sizes it is not a record. */
const VOTER = {
  type: "user_process",
  pid: 0x010101,
  line: "l".repeat(32),
  id: "iiii",
  user: "u".repeat(32),
  host: "h".repeat(256),
  seconds: 1_753_280_160,
} as const;

Deno.test("1,024 records vote, in runs of 64", () => {
  assertEquals([RUNS, RUN_LENGTH, RUNS * RUN_LENGTH], [16, 64, 1_024]);
});

// In files of more than 1,024 records runs vote, with gaps between them: the second of 2,048 starts at 132.
for (
  const [count, votes, indexes] of [
    [1_023, true, [500]],
    [1_024, true, [64, 500]],
    [2_048, true, [0, 63, 132, 1_984, 2_047]],
    [2_048, false, [64, 131, 1_983]],
  ] as const
) {
  for (const index of indexes) {
    Deno.test(`record ${index} of ${count} ${votes ? "votes" : "does not vote"}`, () => {
      const { size } = LAYOUTS["384le"];
      const garbage = new Uint8Array(count * size).fill(0xff);
      garbage.set(encodeUtmp("384le", [VOTER]), index * size);
      assertEquals(detectLayout(garbage, "384be").layout === "384le", votes);
    });
  }
}

Deno.test("a file of the maximum size is detected quickly", () => {
  const bytes = new Uint8Array(64 * 2 ** 20).fill(0x41);
  const start = performance.now();
  detectLayout(bytes, "384le");
  const passed = performance.now() - start;
  assertEquals(passed < 2_000, true, `${passed} ms`);
});

for (const broken of [2, 3, 4]) {
  Deno.test(`one good record and ${broken} broken ones ${broken < 3 ? "match" : "do not match"}`, () => {
    const faulty = Array<RecordFields>(broken).fill({ ...VOTER, type: 99 });
    const bytes = encodeUtmp("384le", [VOTER, ...faulty]);
    assertEquals(detectLayout(bytes, "384le"), { layout: "384le", isMatch: broken < 3 });
  });
}

const USER = { type: "user_process", line: "tty1", user: "bob", seconds: 1_753_280_160 } as const;

const LATIN1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

/** The vote of a record for its layout: the number of broken records that it outweighs; negative if against. */
function weightOf(name: LayoutName, record: RecordFields): number {
  const possible = Array<RecordFields>(5).fill({ ...USER, seconds: 10 });
  for (let broken = 0;; broken++) {
    const records = [record, ...possible, ...Array<RecordFields>(broken).fill({ type: 99 })];
    const file = encodeUtmp(name, records);
    if (!chooseLayout(file, { wanted: name, native: name }).isMatch) {
      return broken - possible.length;
    }
  }
}

/** A record, and its weight. */
const RECORDS: readonly (readonly [string, RecordFields, number])[] = [
  ["a user", USER, 3],
  ["type 1", { ...USER, type: 1 }, 3],
  ["type 9", { ...USER, type: 9 }, 3],
  ["type 10", { ...USER, type: 10 }, -1],
  ["type -1", { ...USER, type: -1 }, -1],
  ["no line and no user", { ...USER, line: "", user: "" }, 3],
  ["a line with a control byte", { ...USER, line: "tty\x1f" }, 1],
  ["a line with DEL", { ...USER, line: "tty\x7f" }, 1],
  ["a full line with a control byte at its end", { ...USER, line: "t".repeat(31) + "\n" }, 1],
  ["a full line", { ...USER, line: "t".repeat(32) }, 3],
  ["a line with control bytes left over after NUL", { ...USER, line: "tty1\0\x01\x02" }, 3],
  ["a line with a space", { ...USER, line: "system boot" }, 3],
  ["a user with a control byte", { ...USER, user: "\tbob" }, 1],
  ["a user with a control byte and the time 10", { ...USER, user: "\tbob", seconds: 10 }, -1],
  ["a user with control bytes left over after NUL", { ...USER, user: "bob\0\x01" }, 3],
  ["a user in Latin-1", { ...USER, user: LATIN1("andr\xe9") }, 3],
  ["a user with C1 bytes", { ...USER, user: LATIN1("\x80\x9f") }, 3],
  ["a host with control bytes", { ...USER, host: "\x01\x02" }, 3],
  ["the highest process id", { ...USER, pid: 2 ** 22 }, 3],
  ["a process id above it", { ...USER, pid: 2 ** 22 + 1 }, 1],
  ["a negative process id", { ...USER, pid: -1 }, 1],
  ["a negative process id and the time 10", { ...USER, pid: -1, seconds: 10 }, -1],
  ["an empty record", {}, 0],
  ["an empty record with a time", { seconds: 1_753_280_160 }, 0],
  ["an empty record whose line has text", { line: "tty1" }, -2],
  ["an empty record whose line has text behind its end", { line: "\0tty1" }, -2],
  ["an empty record with a host alone", { host: "192.0.2.1" }, -2],
  ["a login whose type was set to 0", { ...USER, type: "empty" }, 0],
  ["one without a line", { ...USER, type: "empty", line: "" }, -2],
  ["one without a time", { ...USER, type: "empty", seconds: 0 }, -2],
  ["the time 0", { ...USER, seconds: 0 }, 1],
  ["the last second of 1989", { ...USER, seconds: 631_151_999 }, 1],
  ["the first second of 1990", { ...USER, seconds: 631_152_000 }, 3],
  ["the last second of 32 bits", { ...USER, seconds: 2 ** 32 - 1 }, 3],
];

/** For layouts with a 64-bit time. */
const LONG_TIMES: typeof RECORDS = [
  ["the time -1", { ...USER, seconds: -1 }, -1],
  ["a time beyond 32 bits", { ...USER, seconds: 2 ** 32 }, -1],
];

/** For layouts with a 32-bit session: in the others, utmps writes half of the field. */
const SESSIONS: typeof RECORDS = [
  ["the highest session", { ...USER, session: 2 ** 22 }, 3],
  ["a session above it", { ...USER, session: 2 ** 22 + 1 }, 1],
];

for (const name of LAYOUT_NAMES) {
  const { session, seconds } = LAYOUTS[name];
  const records = [
    ...RECORDS,
    ...seconds.kind === "int64" ? LONG_TIMES : [],
    ...session.kind === "int32" ? SESSIONS : [],
  ];
  for (const [what, record, weight] of records) {
    Deno.test(`${name}: the vote of ${what} is ${weight}`, () => {
      assertEquals(weightOf(name, record), weight);
    });
  }
}
