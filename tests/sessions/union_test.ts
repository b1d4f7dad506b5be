import { decodeSessionFile } from "../../lib/logind/session_file.ts";
import { sessionOfLogind } from "../../lib/sessions/from_logind.ts";
import { snapshotOfLogind } from "../../lib/sessions/snapshot.ts";
import { snapshotOfUtmp } from "../support/snapshot_of_utmp.ts";
import { unionOf } from "../../lib/sessions/union.ts";
import { decodeUtmp } from "../../lib/utmp/decode.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { encodeUtmp, type RecordFields } from "../support/encode_utmp.ts";

/** An ssh session as logind writes it, without a terminal. */
const SSH = { TYPE: "tty", REMOTE: "1", REMOTE_HOST: "192.0.2.8", SERVICE: "sshd" };
const DESKTOP = { TYPE: "wayland", TTY: "tty2", SEAT: "seat0" };

type Values = Readonly<Record<string, string>>;

function filesOf(files: readonly Values[]): Parameters<typeof snapshotOfLogind>[0] {
  return files.map((values) => {
    const all = { USER: "bob", CLASS: "user", STATE: "active", LEADER: "200", ...values };
    const lines = Object.entries(all).map(([key, value]) => `${key}=${value}\n`);
    const decoded = decodeSessionFile(new TextEncoder().encode(lines.join("")));
    assert(decoded.ok);
    return sessionOfLogind(decoded.session);
  });
}

/** The union of these records and session files: each session as text, and the number of closing ones. */
function unionWith(
  records: readonly RecordFields[],
  files: readonly Values[],
): { readonly sessions: readonly string[]; readonly closing: number } {
  const all = records.map((fields) => ({
    type: "user_process" as const,
    user: "bob",
    pid: 200,
    seconds: 1_000,
    ...fields,
  }));
  const utmp = snapshotOfUtmp(decodeUtmp(encodeUtmp("384le", all), "384le"));
  const { sessions, closing } = unionOf(utmp, snapshotOfLogind(filesOf(files), 0));
  return {
    sessions: sessions.map(({ username, from, tty, kind, remote, pid }) =>
      `${username} ${tty} ${from} ${kind} ${remote ? "remote" : "local"} ${pid}`
    ),
    closing: closing?.length ?? NaN,
  };
}

const REMOTE = { line: "pts/0", host: "192.0.2.8" };
const BOB = "bob pts/0 192.0.2.8 pty remote 200";

for (
  const [what, records, files, sessions, closing = 0] of [
    ["the pid of the record is the leader", [REMOTE], [SSH], [BOB]],
    ["both name one line", [{ line: "tty2", pid: 201 }], [DESKTOP], [
      "bob tty2 - graphical local 200",
    ]],
    ["the line is the display of the session", [{ line: ":0", host: ":0", pid: 201 }], [
      { ...DESKTOP, TYPE: "x11", DISPLAY: ":0" },
    ], ["bob :0 :0 graphical local 200"]],
    ["another pid and no line in logind", [{ ...REMOTE, pid: 201 }], [SSH], [
      "bob pts/0 192.0.2.8 pty remote 201",
      "bob - 192.0.2.8 pty remote 200",
    ]],
    ["only logind knows it", [], [SSH, { ...DESKTOP, USER: "alice", LEADER: "100" }], [
      "bob - 192.0.2.8 pty remote 200",
      "alice tty2 - graphical local 100",
    ]],
    ["only utmp knows it", [REMOTE, { line: "pts/4", host: "tmux(9).%0", pid: 9 }], [SSH], [
      BOB,
      "bob pts/4 - pty local 9",
    ]],
    ["the record has no host, logind has one", [{ line: "pts/0" }], [SSH], [BOB]],
    ["the record has no line, logind has one", [{ line: "", host: "192.0.2.8" }], [
      { ...SSH, TTY: "pts/0" },
    ], [BOB]],
    ["a leader of 0 leads nothing", [{ ...REMOTE, pid: 0 }], [{ ...SSH, LEADER: "0" }], [
      "bob pts/0 192.0.2.8 pty remote null",
      "bob - 192.0.2.8 pty remote null",
    ]],
    ["two without any line are two", [{ line: "", pid: 0 }], [{ ...DESKTOP, TTY: "" }], [
      "bob - - other local null",
      "bob - - graphical local 200",
    ]],
    ["two terminals of one connection are two sessions", [REMOTE, { ...REMOTE, line: "pts/1" }], [
      SSH,
    ], [BOB, "bob pts/1 192.0.2.8 pty remote 200"]],
    ["two terminals, of which logind knows one", [REMOTE, { ...REMOTE, line: "pts/1" }], [
      { ...SSH, TTY: "pts/1", REMOTE_HOST: "" },
    ], [BOB, "bob pts/1 192.0.2.8 pty remote 200"]],
    [
      "an older record on the line of the session is left over",
      [
        { line: "tty2", pid: 201, host: "old" },
        { line: "tty2" },
      ],
      [DESKTOP],
      ["bob tty2 - graphical local 200"],
    ],
    [
      "of two records on the line the newest is the session",
      [
        { line: "tty2", pid: 201, host: "new", seconds: 2_000 },
        { line: "tty2", pid: 202, host: "old" },
      ],
      [DESKTOP],
      ["bob tty2 new graphical remote 200"],
    ],
    [
      "a line does not take a record from the session that its leader has",
      [
        { line: "tty2", user: "ann", pid: 300 },
      ],
      [DESKTOP, { USER: "ann", LEADER: "300", TYPE: "tty", TTY: "tty3" }],
      [
        "ann tty2 - console local 300",
        "bob tty2 - graphical local 200",
      ],
    ],
    ["a record of another user with the leader's pid is left over", [{ ...REMOTE, user: "eve" }], [
      SSH,
    ], ["bob - 192.0.2.8 pty remote 200"]],
    [
      "a record of another user on the line is left over",
      [
        { line: "tty2", user: "eve", host: "old", pid: 201 },
      ],
      [DESKTOP],
      ["bob tty2 - graphical local 200"],
    ],
    ["a name that is too long for a record", [{ ...REMOTE, user: "n".repeat(32) }], [
      { ...SSH, USER: "n".repeat(40) },
    ], [`${"n".repeat(40)} pts/0 192.0.2.8 pty remote 200`]],
    [
      "a closing session ends the records of its leader",
      [REMOTE, { ...REMOTE, line: "pts/1" }],
      [
        { ...SSH, STATE: "closing" },
      ],
      [],
      1,
    ],
    [
      "a closing session does not end a record of another user",
      [{ ...REMOTE, user: "eve" }],
      [
        { ...SSH, STATE: "closing" },
      ],
      ["eve pts/0 192.0.2.8 pty remote 200"],
      1,
    ],
    [
      "a closing session does not end a record on its line",
      [{ ...REMOTE, pid: 201 }],
      [
        { ...SSH, STATE: "closing", TTY: "pts/0" },
      ],
      ["bob pts/0 192.0.2.8 pty remote 201"],
      1,
    ],
    [
      "what lives on in a closing session has a record of its own",
      [
        { line: "pts/3", host: "192.0.2.8 via mosh [77]", pid: 77 },
      ],
      [{ ...SSH, STATE: "closing" }],
      [
        "bob pts/3 192.0.2.8 pty remote 77",
      ],
      1,
    ],
    [
      "a pid that a closing session had and another one leads now",
      [REMOTE],
      [
        { ...SSH, STATE: "closing", USER: "eve" },
        SSH,
      ],
      [BOB],
      1,
    ],
    ["a greeter and the user's manager take no record", [{ line: "tty1" }, REMOTE], [
      { CLASS: "greeter", USER: "gdm", TTY: "tty1" },
      { CLASS: "manager" },
    ], ["bob tty1 - console local 200", BOB]],
  ] as readonly (readonly [
    string,
    readonly RecordFields[],
    readonly Values[],
    readonly string[],
    number?,
  ])[]
) {
  Deno.test(`the union: ${what}`, () => {
    assertEquals(unionWith(records, files), { sessions, closing });
  });
}

Deno.test("the union has the login times, boot time and records of utmp, and the faults of both", () => {
  const records = [
    { type: "boot_time", seconds: 500 },
    { type: "user_process", user: "bob", pid: 200, line: "pts/0", seconds: 1_000 },
    { type: 99 },
  ] as const;
  const utmp = snapshotOfUtmp(decodeUtmp(encodeUtmp("384le", records), "384le"));
  const logind = snapshotOfLogind(filesOf([{ ...SSH, REALTIME: "1000500000" }]), 2);
  const union = unionOf(utmp, logind);
  assertEquals(union.sessions.map(({ loginTime }) => loginTime), [1_000]);
  assertEquals([union.bootTime, union.records, union.faults], [500, utmp.records, 3]);
});

Deno.test("10,000 records and 8,192 session files are merged quickly", () => {
  const records = Array.from(
    { length: 10_000 },
    (_, i) => ({ line: `pts/${i}`, pid: 1_000 + i, user: `u${i}` }),
  );
  const files = Array.from(
    { length: 8_192 },
    (_, i) => ({ ...SSH, LEADER: String(5_000 + i), USER: `u${4_000 + i}` }),
  );
  assertEquals(unionWith(records, files).sessions.length, 4_000 + 8_192);
});
