// Faults of the exporter that this one replaces, and of other readers of utmp.
import type { Session } from "../../lib/sessions/session.ts";
import { snapshotOfUtmp } from "../support/snapshot_of_utmp.ts";
import { decodeUtmp } from "../../lib/utmp/decode.ts";
import { detectLayout } from "../../lib/utmp/detect.ts";
import { LAYOUT_NAMES } from "../../lib/utmp/layout.ts";
import { assertEquals } from "../support/assert.ts";
import { encodeUtmp, type RecordFields } from "../support/encode_utmp.ts";
import { readFixture } from "../support/fixtures.ts";

/** The machine that reads the file is x86-64. */
function read(bytes: Uint8Array): ReturnType<typeof snapshotOfUtmp> {
  return snapshotOfUtmp(decodeUtmp(bytes, detectLayout(bytes, "384le").layout));
}

function usersOf(bytes: Uint8Array): readonly string[] {
  return read(bytes).sessions.map(({ username }) => username);
}

const CONSOLE = { username: "bob", from: "-", kind: "console", remote: false } as const;
const PTY = { username: "alice", kind: "pty", remote: true } as const;

/** The sessions in every fixture. */
const BOB_AND_ALICE: readonly Session[] = [
  { ...CONSOLE, tty: "tty1", loginTime: 1_753_273_800, pid: 1_501 },
  { ...PTY, from: "192.168.1.100", tty: "pts/0", loginTime: 1_753_280_160.5, pid: 2_001 },
  { ...PTY, from: "10.0.0.50", tty: "pts/1", loginTime: 1_753_285_500.000007, pid: 2_002 },
];

const CAROL = {
  type: "user_process",
  pid: 4001,
  line: "pts/4",
  id: "ts/4",
  user: "carol",
  host: "192.0.2.4",
  session: 4001,
  seconds: 1_753_280_160,
  address: Uint8Array.of(192, 0, 2, 4),
} as const;

for (
  const [what, file] of [
    ["the last 384-byte record is not dropped", "x86_64.utmp"],
    ["a login on aarch64 has its own time, not the current one", "aarch64.utmp"],
    ["the sessions of a big-endian machine are read", "ppc64.utmp"],
    ["s390x has records of 400 bytes, big-endian", "s390x.utmp"],
  ] as const
) {
  Deno.test(what, () => assertEquals(read(readFixture(file)).sessions, BOB_AND_ALICE));
}

Deno.test("a single 384-byte record is not dropped", () => {
  assertEquals(usersOf(encodeUtmp("384le", [CAROL])), ["carol"]);
});

Deno.test("a dead process is not logged in, even if it is recent and has left-over text", () => {
  const dead: RecordFields = { ...CAROL, type: "dead_process", seconds: 2 ** 32 - 1 };
  const { sessions, records } = read(encodeUtmp("384le", [dead, { ...dead, user: "" }]));
  assertEquals([sessions.length, records.dead_process], [0, 2]);
});

for (const word of ["pi", "root", "admin", "ubuntu", "user"]) {
  Deno.test(`the word ${word} in the bytes of a record is not a user`, () => {
    const bytes = encodeUtmp("384le", [
      { ...CAROL, type: "dead_process", user: `\0${word}`, host: `${word}.example`, id: word },
      { ...CAROL, user: "", host: word, line: word },
      { ...CAROL, type: "login_process", user: word },
      { ...CAROL, user: `carol\0${word}` },
    ]);
    assertEquals(usersOf(bytes), ["carol"]);
  });
}

for (const number of [7, 8]) {
  for (const field of ["pid", "session", "microseconds", "exit", "termination"] as const) {
    Deno.test(`a ${field} of ${number} is not the start of a record`, () => {
      for (const name of LAYOUT_NAMES) {
        const records = [{ ...CAROL, [field]: number }, { [field]: number }, CAROL];
        const { sessions, records: { empty }, faults } = read(encodeUtmp(name, records));
        const [carol] = read(encodeUtmp(name, [CAROL])).sessions;
        const loginTime = CAROL.seconds + (field === "microseconds" ? number / 1e6 : 0);
        const pid = field === "pid" ? number : CAROL.pid;
        assertEquals([...sessions], [{ ...carol, loginTime, pid }, carol], name);
        assertEquals([empty, faults], [1, 0], name);
      }
    });
  }

  Deno.test(`an address with a group of ${number} is not the start of a record`, () => {
    for (const name of LAYOUT_NAMES) {
      const address = new Uint8Array(16).fill(number);
      assertEquals(usersOf(encodeUtmp(name, [{ ...CAROL, address }, CAROL])), ["carol", "carol"]);
    }
  });

  Deno.test(`a file that ends in the middle of a record with a pid of ${number} is read`, () => {
    const bytes = encodeUtmp("384le", [CAROL, { ...CAROL, pid: number }]);
    const { sessions, faults } = read(bytes.subarray(0, 384 + 8));
    assertEquals([sessions.map(({ username }) => username), faults], [["carol"], 1]);
  });
}

Deno.test("hosts, users and lines that are not UTF-8 are escaped, and other records are kept", () => {
  const odd = Uint8Array.of(0x63, 0x61, 0x66, 0xe9);
  const bytes = encodeUtmp("384le", [CAROL, { ...CAROL, host: odd, user: odd, line: odd }, CAROL]);
  const labels = read(bytes).sessions.map(({ username, from, tty }) => [username, from, tty]);
  const carol = ["carol", "192.0.2.4", "pts/4"];
  assertEquals(labels, [carol, ["caf\\xe9", "caf\\xe9", "caf\\xe9"], carol]);
});

Deno.test("a login after 2038 is not before 1970", () => {
  for (const name of LAYOUT_NAMES) {
    const [session] = read(encodeUtmp(name, [{ ...CAROL, seconds: 2 ** 31 }])).sessions;
    assertEquals(session?.loginTime, 2 ** 31, name);
  }
});

Deno.test("a text ends at its NUL, and left-over bytes after it are ignored", () => {
  const fields = { user: "bob\0ol", host: "tower\0.2.4", line: "tty1\0/4" };
  const [session] = read(encodeUtmp("384le", [{ ...CAROL, ...fields }])).sessions;
  assertEquals([session?.username, session?.from, session?.tty], ["bob", "tower", "tty1"]);
});

Deno.test("a desktop user has one session", () => {
  const desktop = { ...CAROL, line: "tty2", host: "tty2", address: new Uint8Array(16) };
  const greeter: RecordFields = { ...desktop, type: "dead_process", user: "gdm", line: "tty1" };
  const { seconds: loginTime, pid } = CAROL;
  const session = { username: "carol", from: "tty2", tty: "tty2", loginTime, pid };
  assertEquals(read(encodeUtmp("384le", [greeter, desktop])).sessions, [
    { ...session, kind: "graphical", remote: false },
  ]);
});
