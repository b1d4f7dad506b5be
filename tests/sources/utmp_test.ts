import { configureLog } from "../../lib/log.ts";
import type { CollectResult } from "../../lib/sessions/collect_result.ts";
import type { ReadFailure } from "../../lib/sessions/snapshot.ts";
import { MAX_AGE, SETTLING_TIME } from "../../lib/files/file_version.ts";
import { Collector } from "../../lib/collector/collector.ts";
import { RecordLog } from "../../lib/sources/record_log.ts";
import { UnionSource } from "../../lib/sources/union.ts";
import { HALF_WRITTEN_READS, HALF_WRITTEN_TIME } from "../../lib/sources/half_written.ts";
import { UtmpSource } from "../../lib/sources/utmp.ts";
import { MAX_READS } from "../../lib/sources/utmp_reader.ts";
import { PAGE } from "../../lib/utmp/half_written.ts";
import { EVERYBODY } from "../../lib/sessions/user_filter.ts";
import { assert, assertEquals, assertStrictEquals } from "../support/assert.ts";
import { encodeUtmp } from "../support/encode_utmp.ts";
import { FakeFiles, fileState } from "../support/fake_files.ts";
import { usersOf } from "../support/observations.ts";

const START = 1_800_000_000_000;
const ALICE = {
  type: "user_process",
  user: "alice",
  line: "pts/0",
  seconds: 1_700_000_000,
} as const;
const BOB = { type: "user_process", user: "bob", line: "tty1", seconds: 1_700_000_000 } as const;

/** A source with its fake file, log lines and failures. */
interface TestSource {
  readonly source: Collector;
  readonly files: FakeFiles;
  readonly lines: string[];
  readonly failures: ReadFailure[];
  /** Advances both clocks. */
  readonly pass: (milliseconds: number) => void;
  /** Changes the file. */
  readonly write: (content: Uint8Array, modified?: number) => void;
}

/** A source with a fake file that has a login of alice and was modified long ago. */
function testSource(level: "debug" | "info" = "info", filter = EVERYBODY): TestSource {
  const files = new FakeFiles(encodeUtmp("384le", [ALICE]), START - 3_600_000);
  const lines: string[] = [];
  const failures: ReadFailure[] = [];
  const time = { epoch: START, monotonic: 0 };
  const log = configureLog({ level, format: "logfmt", write: (line) => lines.push(line) });
  const clock = { epoch: () => time.epoch, monotonic: () => time.monotonic };
  const source = new Collector({
    source: new UnionSource([
      new UtmpSource({
        path: "/run/utmp",
        layout: "auto",
        nativeLayout: "384le",
        files,
        clock,
        log,
        filter,
        recordLog: new RecordLog(log, { dropped: new Set(), filter }),
      }),
    ]),
    procfs: null,
    idleTimes: null,
    filter,
    maxSeries: 10,
    clock,
    log,
    onFailure: (failure) => failures.push(failure),
  });
  const pass = (milliseconds: number): void => {
    time.epoch += milliseconds;
    time.monotonic += milliseconds;
  };
  const write = (content: Uint8Array, modified = time.epoch): void => {
    files.content = content;
    files.state = fileState(content.length, modified);
  };
  return { source, files, lines, failures, pass, write };
}

/** The messages of log lines, without time and properties. */
function messagesOf(lines: readonly string[]): readonly string[] {
  return lines.map((line) => / msg=("[^"]*"|\S+)/.exec(line)?.[1] ?? line);
}

Deno.test("a file that did not change is not read again before 15 s have passed", async () => {
  const { source, files, pass } = testSource();
  const first = await source.collect();
  pass(MAX_AGE - 1);
  const second = await source.collect();
  assertEquals([files.stats, files.reads], [2, 1]);
  assertStrictEquals(first.results[0], second.results[0]);
  assertStrictEquals(first.visible, second.visible);
  pass(1);
  const third = await source.collect();
  assertEquals([files.stats, files.reads], [3, 2]);
  assertStrictEquals(first.visible, third.visible, "equal content is the same snapshot");
});

Deno.test("a changed file is read again", async () => {
  const { source, pass, write } = testSource();
  assertEquals(usersOf(await source.collect()), ["alice"]);
  pass(1);
  write(encodeUtmp("384le", [ALICE, BOB]));
  assertEquals(usersOf(await source.collect()), ["alice", "bob"]);
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
    const { source, files } = testSource();
    await source.collect();
    assert(!(files.state instanceof Error));
    files.state = { ...files.state, ...change };
    await source.collect();
    assertEquals(files.reads, 2);
  });
}

Deno.test("a file that changes twice with the same modification time is read twice", async () => {
  const { source, pass, write } = testSource();
  write(encodeUtmp("384le", [ALICE]), START);
  assertEquals(usersOf(await source.collect()), ["alice"]);
  write(encodeUtmp("384le", [BOB]), START);
  pass(SETTLING_TIME - 1);
  assertEquals(usersOf(await source.collect()), ["bob"]);
});

Deno.test("a file is settled if its last change is 2 s old", async () => {
  const unsettled = 3;
  for (
    const [age, reads] of [[SETTLING_TIME - 1, unsettled], [SETTLING_TIME, 1], [
      SETTLING_TIME + 1,
      1,
    ]]
  ) {
    const { source, files, write } = testSource();
    write(encodeUtmp("384le", [ALICE]), START - (age ?? 0));
    await source.collect();
    await source.collect();
    assertEquals(files.reads, reads, `${age} ms`);
  }
});

Deno.test("a modification time in the future never settles, and equal bytes are decoded once", async () => {
  const { source, files, write } = testSource();
  write(encodeUtmp("384le", [ALICE]), START + 60_000);
  const first = await source.collect();
  assertEquals(files.reads, 2);
  files.content = encodeUtmp("384le", [ALICE]);
  const second = await source.collect();
  assertEquals(files.reads, 3);
  assert(first.visible !== null);
  assertStrictEquals(first.visible, second.visible);
});

Deno.test("a file without modification time is read each time", async () => {
  const { source, files } = testSource();
  assert(!(files.state instanceof Error));
  files.state = { ...files.state, mtime: null, ctime: null };
  const first = await source.collect();
  await source.collect();
  assertEquals(files.reads, 3);
  const result = first.results[0];
  assert(result?.ok && result.modified === null);
});

Deno.test("overlapping reads are one read", async () => {
  const { source, files } = testSource();
  const [first, second] = await Promise.all([source.collect(), source.collect()]);
  assertEquals([files.stats, files.reads], [1, 1]);
  assertStrictEquals(first, second);
});

Deno.test("a failure removes the sessions, is counted each time and logged once", async () => {
  const { source, files, lines, failures } = testSource();
  await source.collect();
  const { state } = files;
  files.state = new Deno.errors.NotFound("No such file");
  assertEquals(usersOf(await source.collect()), "missing");
  assertEquals(usersOf(await source.collect()), "missing");
  files.state = new Deno.errors.PermissionDenied("Permission denied");
  assertEquals(usersOf(await source.collect()), "denied");
  files.state = state;
  assertEquals(usersOf(await source.collect()), ["alice"]);
  assertEquals(usersOf(await source.collect()), ["alice"]);
  assertEquals(failures.map(({ reason }) => reason), ["missing", "missing", "denied"]);
  assertEquals(messagesOf(lines), [
    '"reading sessions"',
    '"cannot read the sessions"',
    '"cannot read the sessions"',
    '"sessions can be read again"',
  ]);
});

Deno.test("the log line of a failure has source, path, reason, error and advice", async () => {
  const { source, files, lines } = testSource();
  files.state = new Deno.errors.NotFound("No such file");
  await source.collect();
  assertEquals(lines.map((line) => line.replace(/^time=\S+ /, "")), [
    'level=error logger=unix_user_exporter msg="cannot read the sessions" source=utmp ' +
    'path=/run/utmp reason=missing error="NotFound: No such file" advice="check --utmp-path; ' +
    "a container needs the file mounted; " +
    'a system whose systemd no longer writes utmp has none"\n',
  ]);
});

Deno.test("content without records is a failure; it does not show 0 sessions", async () => {
  const { source, failures, files, pass, write } = testSource();
  write(new TextEncoder().encode("root:x:0:0:root:/root:/bin/bash\n".repeat(30)), START - 60_000);
  assertEquals(usersOf(await source.collect()), "malformed");
  assertEquals(usersOf(await source.collect()), "malformed");
  assertEquals(files.reads, 1, "unchanged garbage is not read again");
  assertEquals(failures.length, 2);
  pass(1);
  write(encodeUtmp("384le", [ALICE]));
  assertEquals(usersOf(await source.collect()), ["alice"]);
});

Deno.test("an empty file has no sessions", async () => {
  const { source, write } = testSource();
  write(new Uint8Array(0));
  assertEquals(usersOf(await source.collect()), []);
});

Deno.test("faulty records are left out, and logged when their number changes", async () => {
  const { source, lines, pass, write } = testSource();
  const good = encodeUtmp("384le", [ALICE, BOB]);
  for (const content of [good.subarray(0, -1), good.subarray(0, -1), good.subarray(0, -2), good]) {
    pass(1);
    write(content);
    await source.collect();
  }
  assertEquals(messagesOf(lines), [
    '"records cannot be decoded and are left out"',
    '"reading sessions"',
    '"every record can be decoded again"',
  ]);
});

for (const layout of ["384le", "400le"] as const) {
  Deno.test(`a file without records followed by one of ${layout} is no change of layout`, async () => {
    const { source, lines, write } = testSource();
    write(new TextEncoder().encode("no record ".repeat(100)));
    await source.collect();
    write(encodeUtmp(layout, [ALICE, BOB]));
    assertEquals(usersOf(await source.collect()), ["alice", "bob"]);
    const changes = messagesOf(lines).filter((message) => message.includes("layout"));
    assertEquals(changes, []);
  });
}

Deno.test("a change of layout is logged", async () => {
  const { source, lines, write } = testSource();
  await source.collect();
  write(encodeUtmp("400be", [ALICE, BOB]));
  assertEquals(usersOf(await source.collect()), ["alice", "bob"]);
  assertEquals(messagesOf(lines).slice(1), ['"the layout of the utmp file changed"']);
});

Deno.test("level debug logs each record once per change of the file", async () => {
  const { source, lines, pass, write } = testSource("debug");
  await source.collect();
  await source.collect();
  pass(MAX_AGE);
  await source.collect();
  assertEquals(messagesOf(lines), ['"utmp file"', "record", '"reading sessions"']);
  lines.length = 0;
  write(encodeUtmp("384le", [ALICE, { ...BOB, user: "", line: "" }, { type: 77 }]));
  await source.collect();
  assertEquals(lines.slice(0, 4).map((line) => line.replace(/^.* msg=/, "").trimEnd()), [
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
  return encodeUtmp(
    "384le",
    Array.from(
      { length: 21 },
      (_, i) =>
        i === 10 ? { ...BOB, line: `pts/${i}`, host, seconds } : { ...ALICE, line: `pts/${i}` },
    ),
  );
}

const OLD = fileWith("one.example".padEnd(256, "1"), 1_700_000_000);
const NEW = fileWith("two.example".padEnd(256, "2"), 1_700_000_100);

/** The first page of one file and the rest of another. */
function joined(first: Uint8Array, rest: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...first.subarray(0, PAGE), ...rest.subarray(PAGE)]);
}

/** Which of the two hosts is shown, or `mixed`. */
function hostOf(collected: CollectResult): string {
  const bob = collected.visible?.sessions.find(({ username }) => username === "bob");
  const name = bob ? `${bob.from.slice(0, 3)}${bob.from.at(-1)}` : "none";
  return name === "one1" ? "old" : name === "two2" ? "new" : "mixed";
}

/** The hosts shown by reads one millisecond apart, each with the next content. */
async function hostsAt(contents: readonly Uint8Array[], pause = 1): Promise<readonly string[]> {
  const { source, pass, write } = testSource();
  const seen: string[] = [];
  for (const content of contents) {
    pass(pause);
    write(content);
    seen.push(hostOf(await source.collect()));
  }
  return seen;
}

Deno.test("a half-written record is shown as before until it is complete", async () => {
  for (const half of [joined(NEW, OLD), joined(OLD, NEW)]) {
    assertEquals(await hostsAt([OLD, half, half, NEW, half, OLD]), [
      "old",
      "old",
      "old",
      "new",
      "new",
      "old",
    ]);
  }
});

Deno.test("a record that stays half-written is accepted when the file has settled", async () => {
  const half = joined(NEW, OLD);
  assertEquals(await hostsAt([OLD, half, half], SETTLING_TIME - 1), ["old", "old", "old"]);
  assertEquals(await hostsAt([OLD, half, half], SETTLING_TIME), ["old", "old", "mixed"]);
  const { source, pass, write } = testSource();
  write(OLD);
  await source.collect();
  write(half);
  assertEquals(hostOf(await source.collect()), "old");
  pass(SETTLING_TIME);
  assertEquals(hostOf(await source.collect()), "mixed");
});

Deno.test("if the first read got a half-written record, later versions are accepted", async () => {
  const half = joined(OLD, NEW);
  const contents = Array.from(
    { length: 2 * HALF_WRITTEN_READS },
    (_, i) => i % 2 === 0 ? OLD : NEW,
  );
  const seen = await hostsAt([half, ...contents], HALF_WRITTEN_TIME / HALF_WRITTEN_READS);
  assertEquals(seen.slice(0, HALF_WRITTEN_READS + 1), Array(HALF_WRITTEN_READS + 1).fill("mixed"));
  assertEquals(seen.slice(HALF_WRITTEN_READS + 1), ["old", "new", "old", "new"]);
});

Deno.test("a file that may be changing is read until two reads are equal", async () => {
  const { source, files, pass, write } = testSource();
  write(OLD);
  await source.collect();
  pass(1);
  write(NEW);
  const contents = [joined(NEW, OLD), OLD, joined(OLD, NEW), NEW, NEW].values();
  const read = files.readFile;
  files.readFile = () => {
    files.content = contents.next().value ?? new Error("too many reads");
    return read();
  };
  files.reads = 0;
  assertEquals(hostOf(await source.collect()), "new");
  assertEquals(files.reads, 5);
});

Deno.test("a file that changes with every read is read 16 times, and 16 times in the next scrape", async () => {
  const { source, files, pass, write } = testSource();
  write(encodeUtmp("384le", [ALICE]));
  await source.collect();
  let pid = 1;
  const read = files.readFile;
  files.readFile = () => {
    files.content = encodeUtmp("384le", [{ ...ALICE, pid: pid++ }]);
    return read();
  };
  files.reads = 0;
  for (const results of [1, 2]) {
    pass(1);
    assertEquals(usersOf(await source.collect()), ["alice"]);
    assertEquals(files.reads, results * MAX_READS);
  }
});

Deno.test("a file that fails in a second read is a failure", async () => {
  const { source, files, write } = testSource();
  write(encodeUtmp("384le", [ALICE]), START);
  const read = files.readFile;
  files.readFile = () => {
    if (files.reads === 1) files.content = new Deno.errors.NotFound("No such file");
    return read();
  };
  assertEquals(usersOf(await source.collect()), "missing");
});

Deno.test("an emptied file keeps its layout", async () => {
  const { source, lines, pass, write } = testSource();
  for (
    const content of [encodeUtmp("400be", [ALICE]), new Uint8Array(), encodeUtmp("400be", [BOB])]
  ) {
    pass(1);
    write(content);
    await source.collect();
  }
  assertEquals(messagesOf(lines), ['"reading sessions"']);
});

Deno.test("a file of an unknown layout is a failure, even if its first record can be decoded", async () => {
  const { source, failures, write } = testSource();
  const records = encodeUtmp("384le", [ALICE, BOB, ALICE]);
  const strange = new Uint8Array(3 * 388);
  for (const i of [0, 1, 2]) strange.set(records.subarray(i * 384, (i + 1) * 384), i * 388);
  write(strange);
  assertEquals(usersOf(await source.collect()), "malformed");
  assertEquals(failures.map(({ error }) => error), ["its content does not match any known layout"]);
});

Deno.test("excluded users are in no count", async () => {
  const { source, lines, write } = testSource("debug", (user) => user !== "bob");
  write(encodeUtmp("384le", [ALICE, BOB, BOB, { ...BOB, user: "" }]));
  const collected = await source.collect();
  assertEquals(usersOf(collected), ["alice"]);
  const { records, sessions } = collected.visible?.snapshot ?? {};
  assertEquals([records?.user_process, sessions?.length], [2, 1]);
  assertEquals(lines.some((line) => line.includes("bob")), false);
  assertEquals(lines.at(-1)?.includes("sessions=1"), true);
});
