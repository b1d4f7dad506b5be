import fc from "fast-check";
import { UTMP_LIMITS } from "../../lib/sessions/snapshot.ts";
import { snapshotOfUtmp } from "../support/snapshot_of_utmp.ts";
import { decodeUtmp } from "../../lib/utmp/decode.ts";
import { LAYOUT_NAMES } from "../../lib/utmp/layout.ts";
import { RECORD_TYPES } from "../../lib/utmp/record.ts";
import { assert, assertEquals, assertNotMatch } from "../support/assert.ts";
import { encodeUtmp, type RecordFields } from "../support/encode_utmp.ts";

const EMPTY = {
  sessions: [],
  closing: null,
  bootTime: null,
  records: Object.fromEntries(RECORD_TYPES.map((type) => [type, 0])),
  faults: 0,
  overLimit: 0,
};

const BOOT = { type: "boot_time", line: "~", user: "reboot", seconds: 1_753_266_000 } as const;
const BOB = { type: "user_process", user: "bob", line: "tty1", seconds: 1_753_273_800 } as const;
const ALICE = { type: "user_process", user: "alice", line: "pts/0", host: "192.0.2.1" } as const;

function snapshotOf(
  records: readonly RecordFields[],
  limits: Readonly<Record<keyof typeof UTMP_LIMITS, number>> = UTMP_LIMITS,
): ReturnType<typeof snapshotOfUtmp> {
  const decoded = decodeUtmp(encodeUtmp("384le", records), "384le");
  return snapshotOfUtmp(decoded, { filter: () => true, limits });
}

Deno.test("an empty file has no sessions and no boot time", () => {
  assertEquals<unknown>(snapshotOf([]), EMPTY);
});

Deno.test("sessions are in the order of the file, also several of one user", () => {
  const local = { from: "-", kind: "console", remote: false } as const;
  const remote = { from: "192.0.2.1", kind: "pty", remote: true } as const;
  const bob = { username: "bob", ...local, tty: "tty1", loginTime: 1_753_273_800, pid: null };
  const alice = { username: "alice", ...remote, tty: "pts/0", loginTime: null, pid: null };
  assertEquals<unknown>(snapshotOf([BOB, ALICE, BOOT, { ...BOB, line: "tty2" }, ALICE, BOB]), {
    ...EMPTY,
    sessions: [bob, alice, { ...bob, tty: "tty2" }, alice, bob],
    bootTime: 1_753_266_000,
    records: { ...EMPTY.records, user_process: 5, boot_time: 1 },
  });
});

Deno.test("records are counted by type", () => {
  const many = RECORD_TYPES.flatMap((type, i) =>
    Array.from({ length: i + 1 }, () => ({ type, seconds: 1_753_266_000 }))
  );
  assertEquals<unknown>(snapshotOf(many), {
    ...EMPTY,
    bootTime: 1_753_266_000,
    records: Object.fromEntries(RECORD_TYPES.map((type, i) => [type, i + 1])),
  });
});

for (
  const [what, records, bootTime] of [
    ["no boot record", [BOB], null],
    ["one boot record", [BOB, BOOT], 1_753_266_000],
    ["microseconds", [{ ...BOOT, microseconds: 250_000 }], 1_753_266_000.25],
    ["microseconds out of range", [{ ...BOOT, microseconds: -1 }], 1_753_266_000],
    ["two boot records, the later in the file", [BOOT, { ...BOOT, seconds: 1_600_000_000 }], 1.6e9],
    ["a boot record without a time", [{ ...BOOT, seconds: 0 }], 0],
    [
      "a boot record without a time after one with a time",
      [BOOT, { ...BOOT, seconds: 0 }],
      1_753_266_000,
    ],
    ["a change of the clock, which is not a boot", [{ ...BOOT, type: "new_time" }], null],
  ] as const
) {
  Deno.test(`boot time: ${what}`, () => {
    assertEquals(snapshotOf(records).bootTime, bootTime);
  });
}

Deno.test("faulty records and a tail are counted as faults, not by type", () => {
  const bytes = encodeUtmp("400le", [{ type: 10 }, BOB, { ...BOB, seconds: -1 }, BOOT, BOOT]);
  const { records, faults } = snapshotOfUtmp(decodeUtmp(bytes.subarray(0, -1), "400le"));
  assertEquals<unknown>(records, { ...EMPTY.records, user_process: 1, boot_time: 1 });
  assertEquals(faults, 3);
});

const TEXT = fc.uint8Array({ maxLength: 40 });

const RECORD = fc.record({
  type: fc.oneof(fc.constant(7), fc.integer({ min: -1, max: 10 })),
  user: TEXT,
  line: TEXT,
  host: TEXT,
  seconds: fc.nat(),
  microseconds: fc.integer(),
  address: fc.uint8Array({ minLength: 16, maxLength: 16 }),
});
const RECORDS = fc.array(RECORD, { maxLength: 12 });

Deno.test("property: every session is a user process, and its text is visible", () => {
  fc.assert(
    fc.property(RECORDS, fc.constantFrom(...LAYOUT_NAMES), (fields, name) => {
      const decoded = decodeUtmp(encodeUtmp(name, fields), name);
      const { sessions, records, faults } = snapshotOfUtmp(decoded);
      const users = fields.filter(({ type, user }) => type === 7 && (user?.at(0) ?? 0) !== 0);
      assertEquals(sessions.length, users.length);
      assert(sessions.length <= records.user_process);
      assertEquals(Object.values(records).reduce((a, b) => a + b) + faults, fields.length);
      for (const text of sessions.flatMap(({ username, from, tty }) => [username, from, tty])) {
        assert(text !== "" && text.isWellFormed());
        assertNotMatch(text, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }
    }),
    { numRuns: 1_000 },
  );
});

for (
  const [count, read, overLimit] of [[2, 2, 0], [3, 3, 0], [4, 3, 1], [9, 3, 6]] as const
) {
  Deno.test(`with a limit of 3, ${read} of ${count} sessions are read`, () => {
    const records = [
      { ...BOB, user: "" },
      ...Array.from({ length: count }, (_, i) => ({ ...BOB, line: `pts/${i}` })),
      { ...BOB, type: "dead_process" },
    ] as const;
    const snapshot = snapshotOf(records, { sessions: 3, characters: 1_000 });
    const lines = snapshot.sessions.map(({ tty }) => tty);
    assertEquals(lines, ["pts/0", "pts/1", "pts/2"].slice(0, read));
    assertEquals([snapshot.overLimit, snapshot.records.user_process], [overLimit, count + 1]);
  });
}

for (
  const [characters, read] of [[1, 1], [8, 1], [9, 2], [16, 2], [17, 3], [25, 4], [99, 4]] as const
) {
  Deno.test(`with a limit of ${characters} characters, ${read} of 4 sessions of 8 characters are read`, () => {
    const records = [0, 1, 2, 3].map((i) => ({ ...BOB, user: "b", host: "h1", line: `pts/${i}` }));
    const snapshot = snapshotOf(records, { sessions: 9, characters });
    assertEquals([snapshot.sessions.length, snapshot.overLimit], [read, 4 - read]);
  });
}

Deno.test("the limits allow 100,000 sessions with 24 Mi characters", () => {
  assertEquals(UTMP_LIMITS, { sessions: 100_000, characters: 25_165_824 });
});
