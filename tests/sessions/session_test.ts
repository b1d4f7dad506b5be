import type { Session } from "../../lib/sessions/session.ts";
import { inconsistenciesOf, sessionOfRecord, timeOfRecord } from "../../lib/sessions/from_utmp.ts";
import { RECORD_TYPES, type UtmpRecord } from "../../lib/utmp/record.ts";
import { assert, assertEquals } from "../support/assert.ts";

const ALICE: UtmpRecord = {
  offset: 0,
  type: "user_process",
  pid: 2001,
  line: "pts/0",
  id: "ts/0",
  user: "alice",
  host: "192.0.2.1",
  termination: 0,
  exit: 0,
  session: 2001,
  seconds: 1_753_280_160,
  microseconds: 500_000,
  address: "192.0.2.1",
};

/** The session of {@link ALICE}. */
const SESSION: Session = {
  username: "alice",
  from: "192.0.2.1",
  tty: "pts/0",
  kind: "pty",
  remote: true,
  loginTime: 1_753_280_160.5,
  pid: 2001,
};

/** The session of a record that differs from {@link ALICE} in these fields. */
function sessionWith(fields: Partial<UtmpRecord>): Session {
  const outcome = sessionOfRecord({ ...ALICE, ...fields });
  assert(outcome.counts);
  return outcome.session;
}

for (const [pid, expected] of [[1, 1], [4_194_304, 4_194_304], [0, null], [-1, null]] as const) {
  Deno.test(`process id ${pid} is ${expected}`, () => {
    assertEquals(sessionWith({ pid }), { ...SESSION, pid: expected });
  });
}

for (
  const [kind, remote, lines, hosts] of [
    ["console", false, ["tty1", "tty63", "console", "ttyS0", "ttyAMA0", "ttyUSB0", "hvc0"], [""]],
    ["console", false, ["hvsi0", "xvc0", "sclp_line0", "3270/tty1"], [""]],
    ["console", false, ["tty1"], ["-"]],
    ["console", false, ["console"], ["console"]],
    ["console", true, ["tty1"], ["192.0.2.1"]],
    ["pty", false, ["pts/0", "ttyp0", "ttyzf", "ttyae", "ptyp0"], [""]],
    ["pty", false, ["pts/1"], [":0", ":0.0", "local", "console", "pts/1"]],
    ["pty", true, ["pts/0", "ttyp0"], ["192.0.2.1"]],
    ["pty", true, ["pts/1"], ["localhost", "tmux(2817).example.org", "local.example"]],
    ["pty", true, ["pts/1"], ["::1", "2001:db8::1", "caf\\xe9"]],
    ["graphical", false, ["tty2"], ["tty2", "local", ":0"]],
    ["graphical", false, [":0", "seat0", "192.0.2.3:2"], [""]],
    ["graphical", false, [":1", "seat0"], ["local"]],
    ["graphical", false, [":0", ""], [":0", ":1"]],
    ["graphical", true, [":0", "xrdp:11", "headless"], ["192.0.2.1"]],
    ["other", false, ["headless2", "xrdp", "", "console2", "~"], [""]],
    ["other", true, ["", "ssh:notty", "ftpd4711"], ["192.0.2.1"]],
  ] as const
) {
  const cases = lines.flatMap((line) => hosts.map((host) => [line, host] as const));
  for (const [line, host] of cases) {
    Deno.test(`line "${line}" with host "${host}" is ${kind}, ${remote ? "remote" : "local"}`, () => {
      const expected = { from: host || "-", tty: line || "-", kind, remote };
      assertEquals(sessionWith({ line, host, address: "" }), { ...SESSION, ...expected });
    });
  }
}

for (
  const [host, address, from, remote] of [
    ["", "", "-", false],
    ["", "192.0.2.1", "192.0.2.1", true],
    ["", "2001:db8::1", "2001:db8::1", true],
    ["", "::1", "::1", true],
    ["tower.example", "192.0.2.1", "tower.example", true],
    [":0", "192.0.2.1", ":0", false],
    ["192.0.2.7 via mosh [4000]", "", "192.0.2.7", true],
    ["mosh [4001]", "", "-", true],
    ["mosh [4001]", "192.0.2.7", "192.0.2.7", true],
    ["192.0.2.7:S.0", "192.0.2.7", "-", false],
    ["::ffff:192.0.2.7", "::ffff:192.0.2.7", "192.0.2.7", true],
    ["", "::ffff:192.0.2.7", "192.0.2.7", true],
  ] as const
) {
  Deno.test(`host "${host}" with address "${address}" is from ${from}`, () => {
    assertEquals(sessionWith({ host, address }), { ...SESSION, from, remote });
  });
}

Deno.test("a display of another machine without a line is graphical and remote", () => {
  const { kind, from, remote } = sessionWith({ line: "", host: "192.0.2.3:2", address: "" });
  assertEquals([kind, from, remote], ["graphical", "192.0.2.3", true]);
});

for (const type of RECORD_TYPES.filter((type) => type !== "user_process")) {
  Deno.test(`a record of type ${type} is not a session`, () => {
    const why = `type is ${type}, not user_process`;
    assertEquals(sessionOfRecord({ ...ALICE, type }), { counts: false, why });
    assertEquals(sessionOfRecord({ ...ALICE, type, user: "" }), { counts: false, why });
    assertEquals(inconsistenciesOf({ ...ALICE, type, user: "", line: "", pid: 0, seconds: 0 }), []);
  });
}

Deno.test("a user process without a user is not a session", () => {
  assertEquals(sessionOfRecord({ ...ALICE, user: "" }), { counts: false, why: "user is empty" });
});

for (
  const [seconds, microseconds, time] of [
    [0, 0, null],
    [0, 500_000, null],
    [1, 0, 1],
    [1_753_280_160, 0, 1_753_280_160],
    [1_753_280_160, 1, 1_753_280_160.000001],
    [1_753_280_160, 999_999, 1_753_280_160.999999],
    [1_753_280_160, 1_000_000, 1_753_280_160],
    [1_753_280_160, -1, 1_753_280_160],
    [4_294_967_295, 250_000, 4_294_967_295.25],
  ] as const
) {
  Deno.test(`${seconds} s and ${microseconds} microseconds are ${time ?? "no time"}`, () => {
    assertEquals(timeOfRecord({ ...ALICE, seconds, microseconds }), time);
    assertEquals(sessionWith({ seconds, microseconds }).loginTime, time);
  });
}

const ODD_BYTES = "bytes that are not printable UTF-8";

for (
  const [expected, cases] of [
    [[], [{}, { host: "", address: "" }, { pid: 1 }, { microseconds: 999_999 }]],
    [[], [{ host: "DOMAIN\\xZZ" }, { user: "DOMAIN\\alice" }, { user: "日本" }]],
    [["no user"], [{ user: "" }]],
    [["no line"], [{ line: "" }]],
    [["process id 0"], [{ pid: 0 }]],
    [["process id -5"], [{ pid: -5 }]],
    [["no login time"], [{ seconds: 0 }]],
    [["1000000 microseconds"], [{ microseconds: 1_000_000 }]],
    [["-1 microseconds"], [{ microseconds: -1 }]],
    [[ODD_BYTES], [{ user: "caf\\xe9" }, { line: "\\x1b[31m" }, { host: "\\xe2\\x80\\xaegpj" }]],
    [["no user", "no line", "process id 0", "no login time", "-1 microseconds", ODD_BYTES], [
      { user: "", line: "", host: "\\xff", pid: 0, seconds: 0, microseconds: -1 },
    ]],
  ] as const
) {
  for (const fields of cases) {
    Deno.test(`inconsistencies of ${JSON.stringify(fields)}: ${expected.join(", ") || "nothing"}`, () => {
      assertEquals(inconsistenciesOf({ ...ALICE, ...fields }), expected);
    });
  }
}
