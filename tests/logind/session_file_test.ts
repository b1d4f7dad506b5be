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

/** The session of a file, or why it has none. */
function outcomeOfFile(bytes: Uint8Array): Session | string {
  const decoded = decodeSessionFile(bytes);
  if (!decoded.ok) return decoded.why;
  const outcome = sessionOfLogind(decoded.session);
  return outcome.counts ? outcome.session : outcome.why;
}

/** The outcome of a file that differs from {@link SSH} in these values; undefined removes a key. */
function outcomeOf(values: Readonly<Record<string, string | undefined>>): Session | string {
  const lines = Object.entries({ ...SSH, ...values })
    .map(([key, value]) => value === undefined ? "" : `${key}=${value}\n`);
  const text = `# This is private data. Do not parse.\n${lines.join("")}`;
  return outcomeOfFile(new TextEncoder().encode(text));
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

const LOCAL = { REMOTE: "0", REMOTE_HOST: undefined };
const CONSOLE = { from: "-", kind: "console", remote: false } as const;
const GRAPHICAL = { from: "-", kind: "graphical", remote: false } as const;

for (
  const [what, values, expected] of [
    ["ssh with a terminal", { TTY: "pts/3" }, { tty: "pts/3" }],
    ["ssh without a terminal", {}, {}],
    ["ssh from an IPv6 address", { REMOTE_HOST: "::1" }, { from: "::1" }],
    ["a remote login without a host", { REMOTE_HOST: "" }, { from: "-", remote: true }],
    ["not marked remote", { REMOTE: "0", REMOTE_HOST: "localhost" }, { from: "localhost" }],
    ["a virtual console", { ...LOCAL, TTY: "tty1", VTNR: "1" }, { ...CONSOLE, tty: "tty1" }],
    ["a serial console", { ...LOCAL, TTY: "ttyS0" }, { ...CONSOLE, tty: "ttyS0" }],
    ["X11", { ...LOCAL, TYPE: "x11", TTY: "tty7", DISPLAY: ":0" }, {
      ...GRAPHICAL,
      from: ":0",
      tty: "tty7",
    }],
    ["Wayland", { ...LOCAL, TYPE: "wayland", TTY: "tty2" }, { ...GRAPHICAL, tty: "tty2" }],
    ["Mir", { ...LOCAL, TYPE: "mir" }, GRAPHICAL],
    ["a web console", { TYPE: "web" }, { kind: "other" }],
    ["a type that logind does not know", { TYPE: "unspecified" }, { kind: "other" }],
    ["a host with an escaped NUL", { REMOTE_HOST: "a\\x00\\000" }, { from: "a\\x5cx00\\000" }],
    ["a type that is not known yet", { TYPE: "hologram", TTY: "pts/1" }, { tty: "pts/1" }],
    ["no leader", { LEADER: "0" }, { pid: null }],
    ["a leader that is not a number", { LEADER: "x" }, { pid: null }],
    ["no time", { REALTIME: "" }, { loginTime: null }],
    ["a time beyond a double", { REALTIME: "99999999999999999999" }, { loginTime: null }],
    ["a host escaped before 258", { REMOTE_HOST: "a\\x20b\\304\\201" }, { from: "a bā" }],
    ["a host quoted from 258 on", { REMOTE_HOST: '"a\\\\x20b"' }, { from: "a\\x5cx20b" }],
    ["a host with control bytes", { REMOTE_HOST: "a\\033[31m\\n" }, { from: "a\\x1b[31m\\x0a" }],
    ["a host of 300 bytes", { REMOTE_HOST: "h".repeat(300) }, { from: "h".repeat(256) }],
    ["unknown keys", { NEW_KEY: "1", ANOTHER: "'x y'" }, {}],
  ] as const
) {
  Deno.test(`a session: ${what}`, () => {
    assertEquals(outcomeOf(values), { ...SESSION, ...expected });
  });
}

const CLASSES = ["user", "user-early", "user-incomplete", "user-light", "user-early-light"];
const OTHER_CLASSES = ["greeter", "lock-screen", "background", "background-light", "manager"];

for (
  const [values, expected] of [
    ...CLASSES.map((name) => [{ CLASS: name }, SESSION] as const),
    ...["opening", "online", "active", "new", ""].map((STATE) => [{ STATE }, SESSION] as const),
    ...[...OTHER_CLASSES, "manager-early", "none", "later"].map((name) =>
      [{ CLASS: name }, `class is ${name}`] as const
    ),
    [{ STATE: "closing" }, "state is closing"],
    [{ USER: "" }, "it has no USER"],
    [{ USER: "\0" }, "it has a NUL byte"],
    [{ USER: "bob\0" }, "it has a NUL byte"],
    [{ LATER: "\0" }, "it has a NUL byte"],
    [{ CLASS: "" }, "it has no CLASS"],
  ] as const
) {
  const what = expected === SESSION ? "is a session" : `is not a session: ${expected}`;
  Deno.test(`a file with ${JSON.stringify(values)} ${what}`, () => {
    assertEquals(outcomeOf(values), expected);
  });
}

for (const name of ["c1", "42", "c1.ref", ".#c1abc", "c1~", "", "a/b"]) {
  const expected = ["c1", "42"].includes(name);
  Deno.test(`the file name ${JSON.stringify(name)} is ${expected ? "" : "not "}that of a session`, () => {
    assertEquals(SESSION_ID.test(name), expected);
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
        const outcome = outcomeOfFile(some);
        if (typeof outcome === "string") continue;
        const { username, from, tty } = outcome;
        assert([username, from, tty].every((each) => each.isWellFormed() && !/\p{Cc}/u.test(each)));
      }
    }),
    { numRuns: 2_000 },
  );
});
