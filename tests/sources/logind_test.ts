import { MAX_AGE } from "../../lib/files/file_version.ts";
import type { ReadResult } from "../../lib/sessions/snapshot.ts";
import { LogindSource } from "../../lib/sources/logind.ts";
import { MAX_SESSION_FILE_SIZE, MAX_SESSION_FILES } from "../../lib/sources/logind_files.ts";
import { assert, assertEquals, assertStrictEquals } from "../support/assert.ts";
import { type FakeEntry, FakeTree } from "../support/fake_tree.ts";
import { fileState } from "../support/fake_files.ts";
import { type KeptLog, keptLog, START, TestClock } from "../support/fakes.ts";
import { logindSnapshotWith } from "../support/observations.ts";

const SESSIONS = "/run/systemd/sessions";

function sessionText(user: string, values = ""): string {
  return `# private\nUSER=${user}\nCLASS=user\nSTATE=active\nREALTIME=1000000\n${values}`;
}

/** A source with session files by id. The directory was last changed an hour ago. */
function testSource(
  files: Readonly<Record<string, FakeEntry>>,
  level: "info" | "debug" = "info",
): KeptLog & { source: LogindSource; tree: FakeTree; clock: TestClock } {
  const tree = new FakeTree({ "/run/systemd/seats/seat0": "IS_SEAT0=1\n" });
  for (const [id, entry] of Object.entries(files)) tree.entries.set(`${SESSIONS}/${id}`, entry);
  tree.modified = START - 3_600_000;
  const clock = new TestClock();
  const kept = keptLog(level);
  const source = new LogindSource({ path: "/run/systemd", files: tree, clock, ...kept });
  return { ...kept, source, tree, clock };
}

function usersOf(result: ReadResult): readonly string[] | string {
  return result.ok
    ? result.snapshot.sessions.map(({ username }) => username)
    : result.failure.reason;
}

Deno.test("the real files of a Debian 13: both ssh sessions, not the manager", async () => {
  const path = "tests/fixtures/logind-debian13";
  const options = { path, files: Deno, clock: new TestClock() };
  const source = new LogindSource({ ...options, ...keptLog() });
  const result = await source.read();
  assert(result.ok);
  assertEquals(result.path, `${path}/sessions`);
  const origin = { from: "127.0.0.1", tty: "-", kind: "pty", remote: true } as const;
  const sessions = [
    { username: "tess", ...origin, loginTime: 1_795_390_275.980454, pid: 65 },
    { username: "tess", ...origin, loginTime: 1_795_390_275.983408, pid: 64 },
  ];
  assertEquals(result.snapshot, logindSnapshotWith(sessions));
});

Deno.test("FIFOs, directories and temporary files are not opened; a removed file is a session that ended", async () => {
  const { source, tree, lines } = testSource({
    c1: sessionText("ann"),
    "c1.ref": { ...fileState(0, 0), isFile: false },
    c2: { ...fileState(0, 0), isFile: false },
    ".#c3a1b2c3": sessionText("half"),
    "c4~": sessionText("backup"),
    c5: new Deno.errors.NotFound("gone"),
  });
  const result = await source.read();
  assertEquals(usersOf(result), ["ann"]);
  assert(result.ok && result.snapshot.faults === 0);
  assertEquals([tree.reads, lines], [1, []]);
});

Deno.test("a file that cannot be read or decoded is left out, counted and logged once", async () => {
  const { source, tree, clock, messages } = testSource({
    c1: new Deno.errors.PermissionDenied("no"),
    c2: "nothing of a session",
    c3: "x".repeat(MAX_SESSION_FILE_SIZE + 1),
    c4: sessionText("bob"),
  });
  const result = await source.read();
  assertEquals(usersOf(result), ["bob"]);
  assert(result.ok && result.snapshot.faults === 3);
  clock.pass(MAX_AGE);
  await source.read();
  for (const id of ["c1", "c2", "c3"]) tree.entries.delete(`${SESSIONS}/${id}`);
  clock.pass(MAX_AGE);
  await source.read();
  assertEquals(messages(), [
    '"session files cannot be read and are left out" path=/run/systemd/sessions faults=3 first=c1 ' +
    'error="PermissionDenied: no" advice="check the file and its permissions; ' +
    'systemd-logind lets everyone read it"',
    '"every session file can be read again" path=/run/systemd/sessions',
  ]);
});

Deno.test("a session file is read up to the maximum size", async () => {
  const text = sessionText("ann");
  for (const [over, faults] of [[-1, 0], [0, 0], [1, 1]] as const) {
    const padding = `#${"x".repeat(MAX_SESSION_FILE_SIZE + over - text.length - 1)}`;
    const { source } = testSource({ c0: sessionText("bob"), c1: text + padding });
    const result = await source.read();
    assert(result.ok && result.snapshot.faults === faults, `${over}`);
  }
});

for (const [over, users] of [[-1, 0], [0, 0], [1, "too_large"]] as const) {
  Deno.test(`a directory of ${MAX_SESSION_FILES + over} files is ${over > 0 ? "not " : ""}read`, async () => {
    const { source, tree } = testSource({ ".keep": "" });
    const many = Array.from(
      { length: MAX_SESSION_FILES + over },
      (_, i) => ({ name: `s${i}`, isFile: true }),
    );
    tree.readDir = () => ReadableStream.from(many).values();
    const found = usersOf(await source.read());
    assertEquals(typeof found === "string" ? found : found.length, users);
  });
}

for (
  const [what, path, entry, expected] of [
    ["that is missing", SESSIONS, new Deno.errors.NotFound(), "missing"],
    ["that cannot be read", SESSIONS, new Deno.errors.PermissionDenied(), "denied"],
    ["that is a file", SESSIONS, "text", "not_regular"],
    ["without session files", `${SESSIONS}/.keep`, "", []],
    [
      "whose only file cannot be read",
      `${SESSIONS}/c1`,
      new Deno.errors.PermissionDenied(),
      "denied",
    ],
    ["whose only file is not of a session", `${SESSIONS}/c1`, "nothing of a session", "malformed"],
  ] as const
) {
  Deno.test(`a directory ${what}: ${expected}`, async () => {
    const { source, tree } = testSource({});
    tree.entries.set(path, entry);
    assertEquals(usersOf(await source.read()), expected);
  });
}

Deno.test("an unchanged directory is not listed again, and equal content gives the same snapshot", async () => {
  const { source, tree, clock } = testSource({ c1: sessionText("ann") });
  const first = await source.read();
  clock.pass(MAX_AGE - 1);
  assertStrictEquals(await source.read(), first);
  assertEquals(tree.reads, 1);
  clock.pass(1);
  const second = await source.read();
  assert(tree.reads === 2 && first.ok && second.ok);
  assertStrictEquals(first.snapshot, second.snapshot);
});

Deno.test("a changed directory is read again", async () => {
  const { source, tree } = testSource({ c1: sessionText("ann") });
  await source.read();
  tree.entries.set(`${SESSIONS}/c2`, sessionText("bob"));
  tree.modified = START - 1;
  assertEquals(usersOf(await source.read()), ["ann", "bob"]);
  tree.entries.delete(`${SESSIONS}/c1`);
  assertEquals(usersOf(await source.read()), ["bob"], "within one tick of the modification time");
});

Deno.test("level debug logs each file once per change", async () => {
  const { source, messages } = testSource({
    c1: sessionText("ann", "TTY=pts/1\nREMOTE=1\nREMOTE_HOST=192.0.2.1\nLEADER=7\nTYPE=tty\n"),
    c2: "USER=root\nCLASS=manager\nSTATE=active\n",
  }, "debug");
  await source.read();
  await source.read();
  assertEquals(messages(), [
    '"logind directory" path=/run/systemd/sessions files=2',
    '"session file" id=c1 class=user state=active type=tty user=ann line=pts/1 host=192.0.2.1 ' +
    "leader=7 session=true",
    '"session file" id=c2 class=manager state=active type="" user=root line="" host="" leader=null ' +
    'session=false why="class is manager"',
  ]);
});

const SEAT = "/run/systemd/seats/seat0";
const UNITS = "/run/systemd/units";
const LOGIND_UNIT = { [`${UNITS}/invocation:systemd-logind.service`]: "" };
const SSH_UNIT = { [`${UNITS}/invocation:ssh.service`]: "" };
const RUNNING = { [SEAT]: "" };

for (
  const [what, entries, expected] of [
    ["runs", { ...RUNNING, ...LOGIND_UNIT, ...SSH_UNIT }, ["ann"]],
    ["runs, in a container that sees only its own directories", RUNNING, ["ann"]],
    ["was masked at boot", SSH_UNIT, "missing"],
    ["was masked at boot, seen from a container", {}, "missing"],
    ["was stopped", { ...RUNNING, ...SSH_UNIT }, "missing"],
    [
      "has a seat that cannot be read",
      { [SEAT]: new Deno.errors.PermissionDenied("no") },
      "denied",
    ],
  ] as readonly (readonly [
    string,
    Readonly<Record<string, FakeEntry>>,
    readonly string[] | string,
  ])[]
) {
  Deno.test(`logind ${what}: ${expected}`, async () => {
    const { source, tree } = testSource({ c1: sessionText("ann") });
    tree.entries.delete(SEAT);
    tree.entries.set("/run/systemd/seats/.keep", "");
    for (const [path, entry] of Object.entries(entries)) tree.entries.set(path, entry);
    assertEquals(usersOf(await source.read()), expected);
  });
}

Deno.test("while logind is stopped, its sessions are unknown", async () => {
  const { source, tree } = testSource({ c1: sessionText("ann") });
  const [unit = ""] = Object.keys(LOGIND_UNIT);
  for (const path of [...Object.keys(SSH_UNIT), unit]) tree.entries.set(path, "");
  assertEquals(usersOf(await source.read()), ["ann"]);
  tree.entries.delete(unit);
  const result = await source.read();
  assertEquals(result, {
    ok: false,
    failure: {
      source: "logind",
      path: SESSIONS,
      reason: "missing",
      error: "systemd-logind was stopped, so its files are out of date",
      advice: "start systemd-logind, or check --logind-path; a container needs the directories " +
        "sessions and seats of the host's /run/systemd mounted",
    },
  });
  tree.entries.set(unit, "");
  assertEquals(usersOf(await source.read()), ["ann"]);
});

Deno.test("closing sessions are listed separately, without those of greeters and managers", async () => {
  const { source } = testSource({
    c1: sessionText("ann"),
    c2: sessionText("bob", "STATE=closing\n"),
    c3: sessionText("gdm", "CLASS=greeter\nSTATE=closing\n"),
    c4: sessionText("eve", "TTY=tty2\nDISPLAY=:0\n"),
  });
  const result = await source.read();
  assert(result.ok);
  assertEquals(result.snapshot.closing?.map(({ username }) => username), ["bob"]);
  assertEquals(result.snapshot.displays, ["", ":0"]);
});
