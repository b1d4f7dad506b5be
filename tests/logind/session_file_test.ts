import fc from "fast-check";
import { decodeSessionFile, SESSION_ID } from "../../lib/logind/session_file.ts";
import { sessionOfLogind } from "../../lib/sessions/from_logind.ts";
import type { Session } from "../../lib/sessions/session.ts";
import { assert, assertEquals } from "../support/assert.ts";

const SSH = {
  USER: "tess",
  CLASS: "user",
  STATE: "active",
  TYPE: "tty",
  REMOTE: "1",
  REMOTE_HOST: "192.0.2.1",
  LEADER: "65",
  REALTIME: "1795390275980454",
};

function fileOf(values: Readonly<Record<string, string>>): Uint8Array {
  const lines = Object.entries(values).map(([key, value]) => `${key}=${value}\n`);
  return new TextEncoder().encode(`# This is private data. Do not parse.\n${lines.join("")}`);
}

/** The session of a file, or why it has none. */
function outcomeOf(values: Readonly<Record<string, string>>): Session | string {
  const decoded = decodeSessionFile(fileOf({ ...SSH, ...values }));
  if (!decoded.ok) return decoded.why;
  const outcome = sessionOfLogind(decoded.session);
  return outcome.counts ? outcome.session : outcome.why;
}

const SESSION: Session = {
  username: "tess",
  from: "192.0.2.1",
  tty: "-",
  kind: "pty",
  remote: true,
  loginTime: 1_795_390_275.980454,
  pid: 65,
};

for (
  const [id, expected] of [
    ["c1", { ...SESSION, from: "127.0.0.1" }],
    ["c2", { ...SESSION, from: "127.0.0.1", loginTime: 1_795_390_275.983408, pid: 64 }],
    ["c3", "class is manager"],
  ] as const
) {
  Deno.test(`a real Debian 13: session ${id}`, async () => {
    const bytes = await Deno.readFile(`tests/fixtures/logind-debian13/sessions/${id}`);
    const decoded = decodeSessionFile(bytes);
    assert(decoded.ok);
    const outcome = sessionOfLogind(decoded.session);
    assertEquals(outcome.counts ? outcome.session : outcome.why, expected);
  });
}

const LOCAL = { REMOTE: "0", REMOTE_HOST: "" };

for (
  const [what, values, expected] of [
    ["ssh with a terminal", { TTY: "pts/3" }, { tty: "pts/3", kind: "pty" }],
    ["ssh without a terminal", {}, {}],
    ["ssh from an IPv6 address", { REMOTE_HOST: "::1" }, { from: "::1" }],
    ["a remote login without a host", { REMOTE_HOST: "" }, { from: "-", remote: true }],
    ["a host that is not marked remote", { REMOTE: "0", REMOTE_HOST: "localhost" }, {
      from: "localhost",
    }],
    ["a virtual console", { ...LOCAL, TTY: "tty1", VTNR: "1", SEAT: "seat0" }, {
      from: "-",
      tty: "tty1",
      kind: "console",
      remote: false,
    }],
    ["a serial console", { ...LOCAL, TTY: "ttyS0" }, {
      from: "-",
      tty: "ttyS0",
      kind: "console",
      remote: false,
    }],
    ["X11", { ...LOCAL, TYPE: "x11", TTY: "tty7", DISPLAY: ":0" }, {
      from: ":0",
      tty: "tty7",
      kind: "graphical",
      remote: false,
    }],
    ["Wayland", { ...LOCAL, TYPE: "wayland", TTY: "tty2" }, {
      from: "-",
      tty: "tty2",
      kind: "graphical",
      remote: false,
    }],
    ["Mir", { ...LOCAL, TYPE: "mir" }, { from: "-", kind: "graphical", remote: false }],
    ["a web console", { TYPE: "web" }, { kind: "other" }],
    ["a type that logind does not know", { TYPE: "unspecified" }, { kind: "other" }],
    ["a host with an escaped NUL", { REMOTE_HOST: "a\\x00\\000" }, { from: "a\\x5cx00\\000" }],
    ["a type that is not known yet", { TYPE: "hologram", TTY: "pts/1" }, {
      tty: "pts/1",
      kind: "pty",
    }],
    ["no leader", { LEADER: "0" }, { pid: null }],
    ["a leader that is no number", { LEADER: "x" }, { pid: null }],
    ["no time", { REALTIME: "" }, { loginTime: null }],
    ["a time beyond a double", { REALTIME: "99999999999999999999" }, { loginTime: null }],
    ["a host escaped before 258", { REMOTE_HOST: "a\\x20b\\304\\201" }, { from: "a bā" }],
    ["a host quoted from 258 on", { REMOTE_HOST: '"a\\\\x20b"' }, { from: "a\\x5cx20b" }],
    ["a host with control bytes", { REMOTE_HOST: "a\\033[31m\\n" }, { from: "a\\x1b[31m\\x0a" }],
    ["a host of 300 bytes", { REMOTE_HOST: "h".repeat(300) }, { from: "h".repeat(256) }],
    ["unknown keys", { NEW_KEY: "1", ANOTHER: "'x y'" }, {}],
  ] as const
) {
  Deno.test(`a session: ${what}`, () =>
    assertEquals(outcomeOf(values), { ...SESSION, ...expected }));
}

for (const name of ["user", "user-early", "user-incomplete", "user-light", "user-early-light"]) {
  Deno.test(`class ${name} counts`, () => assertEquals(outcomeOf({ CLASS: name }), SESSION));
}

for (
  const name of [
    "greeter",
    "lock-screen",
    "background",
    "background-light",
    "manager",
    "manager-early",
  ]
    .concat(["none", "later"])
) {
  Deno.test(`class ${name} does not count`, () => {
    assertEquals(outcomeOf({ CLASS: name }), `class is ${name}`);
  });
}

for (const state of ["opening", "online", "active", "new", ""]) {
  Deno.test(`state ${JSON.stringify(state)} counts`, () => {
    assertEquals(outcomeOf({ STATE: state }), SESSION);
  });
}

for (
  const [values, why] of [
    [{ STATE: "closing" }, "state is closing"],
    [{ USER: "" }, "it has no USER"],
    [{ USER: "\0" }, "it has a NUL byte"],
    [{ USER: "bob\0" }, "it has a NUL byte"],
    [{ LATER: "\0" }, "it has a NUL byte"],
    [{ CLASS: "" }, "it has no CLASS"],
  ] as const
) {
  Deno.test(`not a session: ${why}`, () => assertEquals(outcomeOf(values), why));
}

for (
  const [name, taken] of [
    ["c1", true],
    ["42", true],
    ["c1.ref", false],
    [".#c1abc", false],
    ["c1~", false],
    ["", false],
    ["a/b", false],
  ] as const
) {
  Deno.test(`the file name ${JSON.stringify(name)} is ${taken ? "" : "not "}that of a session`, () => {
    assertEquals(SESSION_ID.test(name), taken);
  });
}

Deno.test("any session file gives a result with well-formed text", () => {
  const text = fc.uint8Array({ maxLength: 80 });
  const file = fc.record({ user: text, host: text, tty: text, noise: fc.uint8Array() });
  const encode = (key: string, value: Uint8Array): readonly number[] => [
    ...new TextEncoder().encode(`${key}=`),
    ...value,
    0x0a,
  ];
  fc.assert(
    fc.property(file, ({ user, host, tty, noise }) => {
      const bytes = [
        ...encode("USER", user),
        ...encode("CLASS", new TextEncoder().encode("user")),
        ...encode("REMOTE_HOST", host),
        ...encode("TTY", tty),
        ...noise,
      ];
      for (const some of [Uint8Array.from(bytes), noise]) {
        const decoded = decodeSessionFile(some);
        const outcome = decoded.ok ? sessionOfLogind(decoded.session) : null;
        if (outcome === null || !outcome.counts) continue;
        const { username, from, tty } = outcome.session;
        assert([username, from, tty].every((each) => each.isWellFormed() && !/\p{Cc}/u.test(each)));
      }
    }),
    { numRuns: 2_000 },
  );
});
