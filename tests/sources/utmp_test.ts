import type { CollectResult } from "../../lib/sessions/collect_result.ts";
import type { ReadFailure } from "../../lib/sessions/snapshot.ts";
import { MAX_AGE, SETTLING_TIME } from "../../lib/files/file_version.ts";
import { Collector } from "../../lib/collector/collector.ts";
import { RecordLog } from "../../lib/sources/record_log.ts";
import { UnionSource } from "../../lib/sources/union.ts";
import { HALF_WRITTEN_READS } from "../../lib/sources/half_written.ts";
import { UtmpSource } from "../../lib/sources/utmp.ts";
import { MAX_READS, PAUSE } from "../../lib/sources/utmp_reader.ts";
import { PAGE } from "../../lib/utmp/half_written.ts";
import { EVERYBODY } from "../../lib/sessions/user_filter.ts";
import { assert, assertEquals, assertStrictEquals } from "../support/assert.ts";
import { encodeUtmp } from "../support/encode_utmp.ts";
import { FakeFiles, fileState } from "../support/fake_files.ts";
import { type KeptLog, keptLog, START, TestClock } from "../support/fakes.ts";
import { usersOf } from "../support/observations.ts";

const ALICE = { type: "user_process", user: "alice", line: "pts/0", seconds: 1.7e9 } as const;
const BOB = { type: "user_process", user: "bob", line: "tty1", seconds: 1.7e9 } as const;

interface TestSource extends KeptLog {
  readonly source: Collector;
  readonly clock: TestClock;
  readonly files: FakeFiles;
  readonly failures: ReadFailure[];
  /** The users of the sessions now, or the reason why there are none. */
  readonly users: () => Promise<readonly string[] | string>;
  /** The log messages, without their properties. */
  readonly titles: () => readonly string[];
  /** Changes the file. */
  readonly write: (content: Uint8Array, modified?: number) => void;
  /** Changes the content before each read. */
  readonly beforeRead: (next: () => Uint8Array | Error) => void;
}

/** A source with a fake file that has a login of alice and was modified long ago. */
function testSource(level: "debug" | "info" = "info", filter = EVERYBODY): TestSource {
  const files = new FakeFiles(encodeUtmp("384le", [ALICE]), START - 3_600_000);
  const failures: ReadFailure[] = [];
  const clock = new TestClock();
  const kept = keptLog(level);
  const { log } = kept;
  const recordLog = new RecordLog(log, { dropped: new Set(), filter });
  const options = { path: "/run/utmp", layout: "auto", nativeLayout: "384le" } as const;
  const utmp = new UtmpSource({ ...options, files, clock, log, filter, recordLog });
  const source = new Collector({
    source: new UnionSource([utmp]),
    procfs: null,
    idleTimes: null,
    filter,
    maxSeries: 10,
    clock,
    log,
    onFailure: (failure) => failures.push(failure),
  });
  return {
    ...kept,
    source,
    clock,
    files,
    failures,
    users: async () => usersOf(await source.collect()),
    titles: () => kept.messages().map((line) => /^("[^"]*"|\S+)/.exec(line)?.[1] ?? line),
    write: (content, modified = clock.epoch()) => {
      files.content = content;
      files.state = fileState(content.length, modified);
    },
    beforeRead: (next) => {
      const read = files.readFile;
      files.readFile = () => {
        files.content = next();
        return read();
      };
      files.reads = 0;
    },
  };
}

Deno.test("a file that did not change is not read again before 15 s have passed", async () => {
  const { source, files, clock } = testSource();
  const first = await source.collect();
  clock.pass(MAX_AGE - 1);
  const second = await source.collect();
  assertEquals([files.stats, files.reads], [2, 1]);
  assertStrictEquals(first.results[0], second.results[0]);
  assertStrictEquals(first.visible, second.visible);
  clock.pass(1);
  const third = await source.collect();
  assertEquals([files.stats, files.reads], [3, 2]);
  assertStrictEquals(first.visible, third.visible, "equal content is the same snapshot");
});

for (
  const [part, change] of [
    ["size", { size: 1 }],
    ["modification time", { mtime: new Date(START - 1_800_000) }],
    ["change time", { ctime: new Date(START - 1_800_000) }],
    ["device", { dev: 2 }],
    ["inode", { ino: 2 }],
  ] as const
) {
  Deno.test(`a file with a new ${part} is read again`, async () => {
    const { users, files } = testSource();
    assertEquals(await users(), ["alice"]);
    assert(!(files.state instanceof Error));
    files.state = { ...files.state, ...change };
    files.content = encodeUtmp("384le", [ALICE, BOB]);
    assertEquals(await users(), ["alice", "bob"]);
    assertEquals(files.reads, 2);
  });
}

Deno.test("a file that changes twice with the same modification time is read twice", async () => {
  const { users, clock, write } = testSource();
  write(encodeUtmp("384le", [ALICE]), START);
  assertEquals(await users(), ["alice"]);
  write(encodeUtmp("384le", [BOB]), START);
  clock.pass(SETTLING_TIME - 1);
  assertEquals(await users(), ["bob"]);
});

for (
  const [what, modified, reads] of [
    ["1,999 ms ago", START - SETTLING_TIME + 1, 3],
    ["2 s ago", START - SETTLING_TIME, 1],
    ["2,001 ms ago", START - SETTLING_TIME - 1, 1],
    ["in the future", START + 60_000, 3],
    ["at an unknown time", null, 3],
  ] as const
) {
  Deno.test(`two scrapes of a file that changed ${what}: reads ${reads}`, async () => {
    const { source, files, write } = testSource();
    write(encodeUtmp("384le", [ALICE]), modified ?? 0);
    assert(!(files.state instanceof Error));
    if (modified === null) files.state = { ...files.state, mtime: null, ctime: null };
    const first = await source.collect();
    files.content = encodeUtmp("384le", [ALICE]);
    const second = await source.collect();
    assertEquals(files.reads, reads);
    assertStrictEquals(first.visible, second.visible, "equal bytes are decoded once");
    const [result] = first.results;
    assert(result?.ok && (result.modified === null) === (modified === null));
  });
}

Deno.test("a failure removes the sessions, is counted each time and logged once", async () => {
  const { users, files, lines, failures, titles } = testSource();
  await users();
  const { state } = files;
  files.state = new Deno.errors.NotFound("No such file");
  assertEquals([await users(), await users()], ["missing", "missing"]);
  files.state = new Deno.errors.PermissionDenied("Permission denied");
  assertEquals(await users(), "denied");
  files.state = state;
  assertEquals([await users(), await users()], [["alice"], ["alice"]]);
  assertEquals(failures.map(({ reason }) => reason), ["missing", "missing", "denied"]);
  assertEquals(titles(), [
    '"reading sessions"',
    '"cannot read the sessions"',
    '"cannot read the sessions"',
    '"sessions can be read again"',
  ]);
  assertEquals(
    lines[1]?.replace(/^time=\S+ /, ""),
    'level=error logger=unix_user_exporter msg="cannot read the sessions" source=utmp ' +
      'path=/run/utmp reason=missing error="NotFound: No such file" advice="check --utmp-path; ' +
      "a container needs the file mounted; " +
      'a system whose systemd no longer writes utmp has none"\n',
  );
});

/** Three records of 384 bytes, each in 388 bytes. */
const STRANGE = new Uint8Array(3 * 388);
for (const i of [0, 1, 2]) STRANGE.set(encodeUtmp("384le", [ALICE]), i * 388);

for (
  const [what, content] of [
    ["without records", new TextEncoder().encode("root:x:0:0:root:/root:/bin/bash\n".repeat(30))],
    ["of an unknown layout whose first record can be decoded", STRANGE],
  ] as const
) {
  Deno.test(`a file ${what} is a failure, not 0 sessions`, async () => {
    const { users, failures, files, clock, write } = testSource();
    write(content, START - 60_000);
    assertEquals([await users(), await users()], ["malformed", "malformed"]);
    assertEquals(files.reads, 1, "unchanged garbage is not read again");
    const error = "its content does not match any known layout";
    assertEquals(failures.map((failure) => failure.error), [error, error]);
    clock.pass(1);
    write(encodeUtmp("384le", [ALICE]));
    assertEquals(await users(), ["alice"]);
  });
}

Deno.test("faulty records are left out, and logged when their number changes", async () => {
  const { source, titles, clock, write } = testSource();
  const good = encodeUtmp("384le", [ALICE, BOB]);
  for (const content of [good.subarray(0, -1), good.subarray(0, -1), good.subarray(0, -2), good]) {
    clock.pass(1);
    write(content);
    await source.collect();
  }
  assertEquals(titles(), [
    '"records cannot be decoded and are left out"',
    '"reading sessions"',
    '"every record can be decoded again"',
  ]);
});

const TEXT = new TextEncoder().encode("no record ".repeat(100));
const READ_AGAIN = ['"cannot read the sessions"', '"sessions can be read again"'];

for (
  const [what, first, second, expected] of [
    ["no records, then 384le: no change", TEXT, "384le", READ_AGAIN],
    ["no records, then 400le: no change", TEXT, "400le", READ_AGAIN],
    ["384le, then 400be: a change", encodeUtmp("384le", [ALICE]), "400be", [
      '"reading sessions"',
      '"the layout of the utmp file changed"',
    ]],
  ] as const
) {
  Deno.test(`the layout in the log: ${what}`, async () => {
    const { users, titles, write } = testSource();
    write(first);
    await users();
    write(encodeUtmp(second, [ALICE, BOB]));
    assertEquals(await users(), ["alice", "bob"]);
    assertEquals(titles(), expected);
  });
}

Deno.test("an emptied file has no sessions and keeps its layout", async () => {
  const { users, titles, clock, write } = testSource();
  const contents = [encodeUtmp("400be", [ALICE]), new Uint8Array(), encodeUtmp("400be", [BOB])];
  for (const [i, content] of contents.entries()) {
    clock.pass(1);
    write(content);
    assertEquals(await users(), [["alice"], [], ["bob"]][i]);
  }
  assertEquals(titles(), ['"reading sessions"']);
});

Deno.test("level debug logs each record once per change of the file", async () => {
  const { source, lines, messages, titles, clock, write } = testSource("debug");
  await source.collect();
  await source.collect();
  clock.pass(MAX_AGE);
  await source.collect();
  assertEquals(titles(), ['"utmp file"', "record", '"reading sessions"']);
  lines.length = 0;
  write(encodeUtmp("384le", [ALICE, { ...BOB, user: "", line: "" }, { type: 77 }]));
  await source.collect();
  assertEquals(messages().slice(0, 4), [
    '"utmp file" path=/run/utmp size=1152 record_size=384 layout=384le',
    'record offset=0 type=user_process user=alice line=pts/0 host="" pid=0 session=true ' +
    'odd="process id 0"',
    'record offset=384 type=user_process user="" line="" host="" pid=0 session=false ' +
    'why="user is empty" odd="no user, no line, process id 0"',
    'fault offset=768 length=384 why="type 77 is not 0 to 9"',
  ]);
});

Deno.test("a half-written first record is a fault, not another kind of file", async () => {
  const { source, write } = testSource();
  write(encodeUtmp("384le", [ALICE]).subarray(0, 200));
  const collected = await source.collect();
  assertEquals(usersOf(collected), []);
  assertEquals(collected.visible?.snapshot.faults, 1);
});

/** Sessions on pts/0 to pts/20. Record 10 has a host and crosses a page. */
function fileWith(host: string, seconds: number): Uint8Array<ArrayBuffer> {
  const lines = Array.from({ length: 21 }, (_, i) => `pts/${i}`);
  return encodeUtmp(
    "384le",
    lines.map((line, i) => i === 10 ? { ...BOB, line, host, seconds } : { ...ALICE, line }),
  );
}

const OLD = fileWith("one.example".padEnd(256, "1"), 1_700_000_000);
const NEW = fileWith("two.example".padEnd(256, "2"), 1_700_000_100);

/** The first page of one file and the rest of another. */
function joined(first: Uint8Array, rest: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...first.subarray(0, PAGE), ...rest.subarray(PAGE)]);
}

/** From which of the two files the host of bob is, or `mixed`. */
function hostOf(collected: CollectResult): string {
  const bob = collected.visible?.sessions.find(({ username }) => username === "bob");
  const name = bob ? `${bob.from.slice(0, 3)}${bob.from.at(-1)}` : "none";
  return name === "one1" ? "old" : name === "two2" ? "new" : "mixed";
}

/** The hosts of bob in reads at this interval, each with the next content. */
async function hostsAt(contents: readonly Uint8Array[], interval = 1): Promise<readonly string[]> {
  const { source, clock, write } = testSource();
  const hosts: string[] = [];
  for (const content of contents) {
    clock.pass(interval);
    write(content);
    hosts.push(hostOf(await source.collect()));
  }
  return hosts;
}

Deno.test("a half-written record keeps its last complete version until it is complete", async () => {
  for (const half of [joined(NEW, OLD), joined(OLD, NEW)]) {
    const hosts = ["old", "old", "old", "new", "new", "old"];
    assertEquals(await hostsAt([OLD, half, half, NEW, half, OLD]), hosts);
  }
});

Deno.test("a record that stays half-written is accepted when the file has settled", async () => {
  const half = joined(NEW, OLD);
  assertEquals(await hostsAt([OLD, half, half], SETTLING_TIME - 1), ["old", "old", "old"]);
  assertEquals(await hostsAt([OLD, half, half], SETTLING_TIME), ["old", "old", "mixed"]);
  const { source, clock, write } = testSource();
  write(OLD);
  await source.collect();
  write(half);
  assertEquals(hostOf(await source.collect()), "old");
  clock.pass(SETTLING_TIME);
  assertEquals(hostOf(await source.collect()), "mixed");
});

Deno.test("if the first read got a half-written record, later versions are accepted", async () => {
  const contents = Array.from({ length: 2 * HALF_WRITTEN_READS }, (_, i) => i % 2 ? NEW : OLD);
  const interval = SETTLING_TIME / HALF_WRITTEN_READS;
  const hosts = await hostsAt([joined(OLD, NEW), ...contents], interval);
  const mixed = Array<string>(HALF_WRITTEN_READS + 1).fill("mixed");
  assertEquals(hosts, [...mixed, "old", "new", "old", "new"]);
});

Deno.test("a file that may be changing is read until two reads are equal", async () => {
  const { source, files, clock, write, beforeRead } = testSource();
  write(OLD);
  await source.collect();
  clock.pass(1);
  write(NEW);
  const contents = [joined(NEW, OLD), OLD, joined(OLD, NEW), NEW, NEW].values();
  beforeRead(() => contents.next().value ?? new Error("too many reads"));
  assertEquals(hostOf(await source.collect()), "new");
  assertEquals(files.reads, 5);
});

Deno.test("a record that an interrupted copy left half-written on one page is read again", async () => {
  const { source, clock, write, beforeRead } = testSource();
  write(OLD);
  await source.collect();
  clock.pass(1);
  write(NEW);
  // Byte 96 of record 10 is in its host, and on the first page.
  const torn = Uint8Array.from([...OLD.subarray(0, 3_936), ...NEW.subarray(3_936)]);
  let since: number | undefined;
  beforeRead(() => performance.now() - (since ??= performance.now()) < PAUSE / 2 ? torn : NEW);
  assertEquals(hostOf(await source.collect()), "new");
});

Deno.test("a file that changes with every read is read 16 times in each scrape", async () => {
  const { users, files, clock, write, beforeRead } = testSource();
  write(encodeUtmp("384le", [ALICE]));
  await users();
  let pid = 1;
  beforeRead(() => encodeUtmp("384le", [{ ...ALICE, pid: pid++ }]));
  for (const scrapes of [1, 2]) {
    clock.pass(1);
    assertEquals(await users(), ["alice"]);
    assertEquals(files.reads, scrapes * MAX_READS);
  }
});

Deno.test("a file that fails in a second read is a failure", async () => {
  const { users, files, write, beforeRead } = testSource();
  const content = encodeUtmp("384le", [ALICE]);
  write(content, START);
  beforeRead(() => files.reads === 1 ? new Deno.errors.NotFound("No such file") : content);
  assertEquals(await users(), "missing");
});

Deno.test("excluded users are not counted or logged", async () => {
  const { source, lines, write } = testSource("debug", (user) => user !== "bob");
  write(encodeUtmp("384le", [ALICE, BOB, BOB, { ...BOB, user: "" }]));
  const collected = await source.collect();
  assertEquals(usersOf(collected), ["alice"]);
  const { records, sessions } = collected.visible?.snapshot ?? {};
  assertEquals([records?.user_process, sessions?.length], [2, 1]);
  assertEquals(lines.some((line) => line.includes("bob")), false);
  assertEquals(lines.at(-1)?.includes("sessions=1"), true);
});
