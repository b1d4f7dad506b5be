import fc from "fast-check";
import type { RecordFields } from "./encode_utmp.ts";

const FOUR = fc.uint8Array({ minLength: 4, maxLength: 4 });

/** The bytes of an IPv4 or IPv6 address, or zeros. */
const ADDRESS: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.constant(new Uint8Array(16)),
  FOUR.map((four) => Uint8Array.of(...four, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
  FOUR.map((four) => Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...four)),
  fc.constant(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)),
  fc.uint8Array({ minLength: 16, maxLength: 16 }),
);

/** Hosts as sshd, login, display managers and multiplexers write them, up to the whole field. */
const HOST: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom("", "", ":0", ":0.0", ":pts/3:S.0", "tmux(2817).%0", "localhost"),
  fc.ipV4(),
  fc.ipV6(),
  fc.domain(),
  fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 200, maxLength: 256 }),
  fc.string({ unit: fc.constantFrom(..."abcxyz.-7"), minLength: 100, maxLength: 256 }),
);

const USER = fc.oneof(
  fc.constantFrom("root", "alice", "DOMAIN\\bob", "andré", "a", "x".repeat(32)),
  fc.string({ unit: fc.constantFrom(..."abcdefghij0123456789_-"), minLength: 1, maxLength: 32 }),
);

/** Login programs without microseconds write 0. */
const MICROSECONDS = fc.oneof(fc.constant(0), fc.nat(999_999));

const PID = fc.oneof(fc.integer({ min: 1, max: 32_768 }), fc.integer({ min: 1, max: 2 ** 22 }));

const SYSTEM: fc.Arbitrary<RecordFields> = fc.tuple(
  fc.constantFrom<RecordFields>(
    { type: "boot_time", line: "~", id: "~~", user: "reboot", host: "6.1.0-18-generic" },
    { type: "boot_time", line: "system boot", host: "2.6.32-754.el6.x86_64" },
    { type: "run_lvl", pid: 53, line: "~", id: "~~", user: "runlevel", host: "6.1.0-18-generic" },
    { type: "new_time", line: "~", id: "~~", user: "date" },
    { type: "old_time", line: "|", id: "~~", user: "date" },
  ),
  MICROSECONDS,
).map(([record, microseconds]) => ({ ...record, microseconds }));

const LIVES = [
  "init",
  "getty",
  "user",
  "user",
  "user",
  "dead",
  "cleared",
  "zeroed",
  "gone",
] as const;

/** A terminal from getty over login to logout. */
const TERMINAL: fc.Arbitrary<RecordFields> = fc.record({
  life: fc.constantFrom(...LIVES),
  terminal: fc.oneof(
    fc.nat(11).map((n) => ({ line: `tty${n + 1}`, id: `tty${n + 1}`.slice(-4) })),
    fc.nat(300).map((n) => ({ line: `pts/${n}`, id: `ts/${n}`.slice(-4) })),
  ),
  pid: PID,
  isLeader: fc.boolean(),
  login: fc.record({ user: USER, host: HOST, address: ADDRESS, microseconds: MICROSECONDS }),
  end: fc.record({
    termination: fc.constantFrom(0, 1, 9, 15),
    exit: fc.constantFrom(0, 0, 1, 130, 255),
  }),
}).map(({ life, terminal, pid, isLeader, login, end }): RecordFields => {
  const process = { pid, ...terminal, session: isLeader ? pid : 0 };
  const { microseconds } = login;
  const { line: _, ...withoutLine } = process;
  const lives: Readonly<Record<typeof life, RecordFields>> = {
    init: { type: "init_process", ...withoutLine, microseconds },
    getty: { type: "login_process", ...process, user: "LOGIN", microseconds },
    user: { type: "user_process", ...process, ...login },
    dead: { type: "dead_process", ...process, ...login, ...end },
    cleared: { type: "dead_process", ...process, ...end, microseconds },
    zeroed: { type: "empty" },
    gone: { type: "empty", ...process, ...login, ...end },
  };
  return lives[life];
});

/** Seconds since the epoch of a clock that was set, in any year that utmp supports. */
const SET = fc.integer({ min: 631_152_000, max: 2 ** 32 - 1 });

/** A file starts with the boot, unless no program writes it. */
const RECORDS: fc.Arbitrary<readonly RecordFields[]> = fc.tuple(
  fc.option(SYSTEM, { nil: undefined }),
  fc.oneof(
    fc.array(TERMINAL, { maxLength: 8, size: "max" }),
    fc.array(fc.oneof(SYSTEM, TERMINAL, TERMINAL, TERMINAL), { maxLength: 59, size: "max" }),
  ),
).map(([boot, rest]) => boot === undefined ? rest : [boot, ...rest])
  .filter((records) => records.some(({ type }) => type !== "empty"));

/** The records of a machine with a correct clock: 1 to 60, at least one of them not empty. */
export const REALISTIC: fc.Arbitrary<readonly RecordFields[]> = fc.tuple(
  RECORDS,
  SET,
  fc.array(fc.nat(86_400), { minLength: 60, maxLength: 60 }),
).map(([records, start, later]) =>
  records.map((record, i) =>
    record.line === undefined && record.type === "empty"
      ? record
      : { ...record, seconds: Math.min(start + (later[i] ?? 0), 2 ** 32 - 1) }
  )
);

/**
 * The records of a board without a clock, which starts at 1970 and writes the boot first. At most 25 records, with
 * hosts shorter than 200 bytes: longer ones can have digits where another layout has a valid time.
 */
export const WITHOUT_CLOCK: fc.Arbitrary<readonly RecordFields[]> = fc.array(
  TERMINAL.filter(({ host = "" }) => host.length < 200),
  { maxLength: 24, size: "max" },
).map((records) =>
  [{ type: "boot_time", line: "~", id: "~~", user: "reboot", host: "5.10.0" } as const, ...records]
    .map((record, i) => ({ ...record, seconds: 10 * i }))
);
