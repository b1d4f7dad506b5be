import { BOOT_TOLERANCE } from "../../lib/sessions/boot_time.ts";
import type { Session } from "../../lib/sessions/session.ts";
import type { Snapshot } from "../../lib/sessions/snapshot.ts";
import {
  LOGIN_GRACE,
  ProcessChecker,
  type ProcessFacts,
} from "../../lib/processes/process_checker.ts";
import { MAX_TERMINAL_CHECKS } from "../../lib/processes/terminals.ts";
import { assertEquals } from "../support/assert.ts";
import { FakeTree } from "../support/fake_tree.ts";
import { snapshotWith } from "../support/observations.ts";
import { statText } from "../support/stat_text.ts";
import { type KeptLog, keptLog } from "../support/fakes.ts";

const BOOT = 1_700_000_000;
const PROC = "/host/proc";

/** A session whose process started a second before the login. */
function session(pid: number | null, login = 1_000, tty = "pts/1"): Session {
  const loginTime = BOOT + login;
  return { username: "ann", from: "h", tty, kind: "pty", remote: true, loginTime, pid };
}

function snapshotOf(sessions: readonly Session[], bootTime: number | null = null): Snapshot {
  return snapshotWith({ sessions, bootTime });
}

/** Processes by id: seconds after boot at which they started. */
function procfsOf(started: Readonly<Record<number, number>>): FakeTree {
  const tree = new FakeTree({
    [`${PROC}/stat`]: `cpu 1 2\nbtime ${BOOT}\n`,
    [`${PROC}/1/stat`]: statText("init", 0, 1),
    [`${PROC}/2/stat`]: statText("kthreadd", 0, 1),
  });
  for (const [pid, seconds] of Object.entries(started)) {
    tree.entries.set(`${PROC}/${pid}/stat`, statText("sshd", 0, seconds * 100));
  }
  return tree;
}

function checked(files: FakeTree, now = BOOT + 100_000): KeptLog & Pick<ProcessChecker, "read"> {
  const kept = keptLog();
  const clock = { epoch: () => now * 1_000, monotonic: () => 0 };
  const checker = new ProcessChecker({ path: PROC, files, clock, log: kept.log });
  return { ...kept, read: (snapshot) => checker.read(snapshot) };
}

/** The process ids of stale sessions; null if nothing was checked. */
function stalePids(facts: ProcessFacts | null): readonly (number | null)[] | null {
  return facts === null ? null : [...facts.stale].map(({ pid }) => pid);
}

/** The terminals that were found. */
function terminals(facts: ProcessFacts | null): readonly string[] {
  return [...facts?.lines.values() ?? []];
}

/** The children of process 10. */
const CHILDREN = `${PROC}/10/task/10/children`;

Deno.test("a session whose process has ended is stale; one without a process id is not", async () => {
  const { read } = checked(procfsOf({ 10: 999 }));
  const facts = await read(snapshotOf([session(10), session(11), session(null)]));
  assertEquals(stalePids(facts), [11]);
});

for (
  const [what, recorded, kernelThread, started, isConfirmed] of [
    ["the boot time of the records", BOOT, "kthreadd", null, true],
    ["a boot time at the tolerance", BOOT + BOOT_TOLERANCE, "kthreadd", null, true],
    ["a boot time beyond the tolerance", BOOT + BOOT_TOLERANCE + 1, "kthreadd", null, false],
    ["a boot record without a time", 0, "kthreadd", null, true],
    ["a boot record from before the clock was set", 5, "kthreadd", null, true],
    ["a boot record of an earlier boot", BOOT - 100_000, "kthreadd", null, false],
    ["a boot record without a time, in a container", 0, null, null, false],
    ["a boot record from before the clock was set, in a container", 5, null, null, false],
    ["the boot time of the host, in a container", BOOT, null, null, false],
    ["the boot time of the host, in a container with a process 2", BOOT, "sleep", null, false],
    ["a process that started with its login", null, "kthreadd", 1_000, true],
    ["a process that started 2 s after its login", null, "kthreadd", 1_002, true],
    ["a process that started 3 s after its login", null, "kthreadd", 1_003, false],
    ["a process that started before its login", null, "kthreadd", 1_000 - LOGIN_GRACE, true],
    ["a process that started too early", null, "kthreadd", 1_000 - LOGIN_GRACE - 1, false],
  ] as const
) {
  Deno.test(`${what} ${isConfirmed ? "confirms" : "does not confirm"} the procfs`, async () => {
    const files = procfsOf(started === null ? {} : { 10: started });
    if (kernelThread === null) files.entries.delete(`${PROC}/2/stat`);
    else files.entries.set(`${PROC}/2/stat`, statText(kernelThread, 0, 1));
    const sessions = [...started === null ? [] : [session(10)], session(11)];
    const facts = await checked(files).read(snapshotOf(sessions, recorded));
    assertEquals(stalePids(facts), isConfirmed ? [11] : null);
  });
}

Deno.test("a confirmed procfs is used until the next boot", async () => {
  const files = procfsOf({ 10: 999 });
  const { read, lines } = checked(files);
  const snapshot = snapshotOf([session(10)]);
  await read(snapshot);
  files.entries.delete(`${PROC}/10/stat`);
  assertEquals(stalePids(await read(snapshot)), [10]);
  files.entries.set(`${PROC}/stat`, `btime ${BOOT + 1}\n`);
  assertEquals(stalePids(await read(snapshot)), [10], "the clock was set a little");
  files.entries.set(`${PROC}/stat`, `btime ${BOOT + 5_000}\n`);
  assertEquals(await read(snapshot), null);
  assertEquals(lines.length, 1);
});

const HIDDEN = 'error="this is not a procfs that shows all processes" ' +
  'advice="mount the /proc of the host there, without hidepid"';
const FOREIGN = 'error="cannot confirm that the procfs and the records are of the same machine" ' +
  'advice="mount the /proc of the machine that writes the records, not that of a container"';

for (
  const [what, file, entry, problem] of [
    ["no procfs", "stat", "", HIDDEN],
    ["a procfs that hides processes", "1/stat", new Deno.errors.PermissionDenied(), HIDDEN],
    ["a procfs that Deno may not read", "stat", new Deno.errors.NotCapable(), HIDDEN],
    ["the procfs of another machine", "10/stat", statText("sshd", 0, 500), FOREIGN],
  ] as const
) {
  Deno.test(`${what}: nothing is checked, which is logged once`, async () => {
    const files = procfsOf({ 10: 999 });
    files.entries.set(`${PROC}/${file}`, entry);
    const { read, messages } = checked(files);
    const snapshot = snapshotOf([session(10), session(11)]);
    assertEquals([await read(snapshot), await read(snapshot)], [null, null]);
    assertEquals(messages(), [`"stale sessions are not detected" path=/host/proc ${problem}`]);
  });
}

Deno.test("a procfs that can be used again is logged, and so is the next failure", async () => {
  const files = procfsOf({ 10: 999 });
  const { read, lines } = checked(files);
  const good = files.entries.get(`${PROC}/stat`) ?? "";
  const counts: number[] = [];
  for (const stat of ["", good, good, "", good]) {
    files.entries.set(`${PROC}/stat`, stat);
    const facts = await read(snapshotOf([session(10)]));
    assertEquals(facts !== null, stat === good);
    counts.push(lines.length);
  }
  assertEquals(counts, [1, 2, 2, 3, 4]);
  assertEquals(lines.map((line) => line.includes("detected again")), [false, true, false, true]);
});

Deno.test("without sessions nothing is stale", async () => {
  const { read, lines } = checked(procfsOf({}));
  assertEquals(stalePids(await read(snapshotOf([]))), []);
  assertEquals(lines, []);
});

Deno.test("a session without a terminal gets that of the nearest process below its leader", async () => {
  const files = procfsOf({ 10: 999, 11: 999, 20: 999 });
  const add = (pid: number, terminal: number, children: string): void => {
    files.entries.set(`${PROC}/${pid}/stat`, statText("x", terminal, 99_900));
    files.entries.set(`${PROC}/${pid}/task/${pid}/children`, children);
  };
  add(10, 0, "12 ");
  add(12, 0, "13 14 ");
  add(13, 0x8805, "15 ");
  add(14, 0x8807, "");
  add(15, 0x8809, "");
  add(11, 0, "");
  const [shell, sftp, named] = [session(10, 1_000, "-"), session(11, 1_000, "-"), session(20)];
  const facts = await checked(files).read(snapshotOf([shell, sftp, named]));
  assertEquals([...facts?.lines ?? []], [[shell, "pts/5"]]);
});

Deno.test("the search in an endless tree of processes ends", async () => {
  const files = procfsOf({ 10: 999 });
  files.entries.set(CHILDREN, "10 10 ");
  const facts = await checked(files).read(snapshotOf([session(10, 1_000, "-")]));
  assertEquals(facts?.lines.size, 0);
});

Deno.test("a process that cannot be read has not ended; one that ends during the read has", async () => {
  const files = procfsOf({ 10: 999 });
  files.entries.set(`${PROC}/11/stat`, new Error("Too many open files (os error 24)"));
  files.entries.set(`${PROC}/12/stat`, new Deno.errors.PermissionDenied());
  files.entries.set(`${PROC}/13/stat`, new Error("No such process (os error 3)"));
  files.entries.set(`${PROC}/15/stat`, new Error("ESRCH: no such process, read"));
  const sessions = [10, 11, 12, 13, 14, 15].map((pid) => session(pid));
  assertEquals(stalePids(await checked(files).read(snapshotOf(sessions))), [13, 14, 15]);
});

Deno.test("processes below a leader are checked once, again while the session is new, and for another leader", async () => {
  for (const [now, isYoung] of [[1_000 + 59, true], [1_000 + 60, false]] as const) {
    const files = procfsOf({ 10: 999 });
    const { read } = checked(files, BOOT + now);
    const snapshot = snapshotOf([session(10, 1_000, "-")]);
    assertEquals(terminals(await read(snapshot)), []);
    files.entries.set(CHILDREN, "12 ");
    files.entries.set(`${PROC}/12/stat`, statText("bash", 0x8805, 99_900));
    assertEquals(terminals(await read(snapshot)), isYoung ? ["pts/5"] : []);
    files.entries.set(`${PROC}/10/stat`, statText("sshd", 0, 99_950));
    assertEquals(terminals(await read(snapshot)), ["pts/5"]);
    files.entries.delete(CHILDREN);
    assertEquals(terminals(await read(snapshot)), ["pts/5"], "a found terminal is kept");
  }
});

/** One session more than a read checks for terminals. */
const IDS = Array.from({ length: MAX_TERMINAL_CHECKS + 1 }, (_, i) => 10 + i);
const MANY = snapshotOf(IDS.map((pid) => session(pid, 1_000, "-")));

Deno.test("one read checks a bounded number of processes", async () => {
  const files = procfsOf({});
  for (const pid of IDS) files.entries.set(`${PROC}/${pid}/stat`, statText("sshd", 0x8805, 99_900));
  const { read } = checked(files);
  assertEquals((await read(MANY))?.lines.size, MAX_TERMINAL_CHECKS);
  assertEquals((await read(MANY))?.lines.size, IDS.length);
});

Deno.test("a terminal that was not searched for is searched for later, and one that was found is kept", async () => {
  const files = procfsOf({ 10: 999, 11: 999 });
  const { read } = checked(files);
  const tooMany = new Error("Too many open files (os error 24)");
  files.entries.set(`${PROC}/12/stat`, statText("bash", 0x8805, 99_900));
  const snapshot = snapshotOf([session(10, 1_000, "-"), session(11)]);
  files.entries.set(CHILDREN, tooMany);
  assertEquals(terminals(await read(snapshot)), []);
  files.entries.set(CHILDREN, "12 ");
  assertEquals(terminals(await read(snapshot)), ["pts/5"]);
  files.entries.delete(CHILDREN);
  const leader = files.entries.get(`${PROC}/10/stat`) ?? "";
  files.entries.set(`${PROC}/10/stat`, tooMany);
  assertEquals(terminals(await read(snapshot)), ["pts/5"], "while its leader cannot be read");
  files.entries.set(`${PROC}/10/stat`, leader);
  assertEquals(terminals(await read(snapshot)), ["pts/5"]);
});

Deno.test("new sessions that are checked again do not delay the others", async () => {
  const files = procfsOf(Object.fromEntries(IDS.map((pid) => [pid, 999])));
  files.entries.set(`${PROC}/${IDS.at(-1)}/stat`, statText("sshd", 0x8805, 99_900));
  const { read } = checked(files, BOOT + 1_001);
  assertEquals((await read(MANY))?.lines.size, 0);
  assertEquals((await read(MANY))?.lines.size, 1);
});
