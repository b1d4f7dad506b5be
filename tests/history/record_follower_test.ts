import {
  CHUNK_SIZE,
  FOREGROUND_CHUNKS,
  RETIRED_READS,
  STALL_TIME,
} from "../../lib/history/record_follower.ts";
import type { BtmpSource } from "../../lib/history/btmp.ts";
import { HEAD_SIZE } from "../../lib/history/record_file.ts";
import { assert, assertEquals, assertStrictEquals } from "../support/assert.ts";
import { encodeUtmp } from "../support/encode_utmp.ts";
import { keptLog, TestClock } from "../support/fakes.ts";
import { GrowingFiles } from "../support/growing_files.ts";
import { btmpSource, dataOf, failuresOf, sshFailures } from "../support/history.ts";

const SIZE = 384;

/** Failed logins from 200 addresses; the number identifies them. */
function failures(count: number, first = 0): Uint8Array<ArrayBuffer> {
  const hosts = Array.from({ length: count }, (_, i) => `192.0.2.${(first + i) % 200}`);
  return encodeUtmp(
    "384le",
    sshFailures(...hosts).map((record, i) => ({ ...record, pid: 1 + (first + i) % 30_000 })),
  );
}

/** The number of failed logins, or the reason of a failure, of one read. */
async function read(source: BtmpSource): Promise<number | string | null> {
  return failuresOf(await source.read({ waits: false }));
}

function withFile(count: number): { readonly files: GrowingFiles; readonly source: BtmpSource } {
  const files = new GrowingFiles();
  files.create("btmp", failures(count));
  return { files, source: btmpSource(files) };
}

/** More than what is read at once, in records. */
const MANY = Math.ceil(FOREGROUND_CHUNKS * CHUNK_SIZE / SIZE) + 100;

Deno.test("an empty file has no failed logins", async () => {
  const { source } = withFile(0);
  assertEquals(await read(source), 0);
});

Deno.test("a file that did not change costs one stat, and gives the same object", async () => {
  const { files, source } = withFile(3);
  const first = await source.read({ waits: false });
  const { opens, bytesRead, stats } = files;
  for (let i = 0; i < 5; i++) assertStrictEquals(await source.read({ waits: false }), first);
  assertEquals([files.opens, files.bytesRead, files.stats], [opens, bytesRead, stats + 5]);
});

for (const count of [3, 1_000]) {
  Deno.test(`of a file of ${count} records, only what was appended is read`, async () => {
    const { files, source } = withFile(count);
    await read(source);
    for (const appended of [1, 20, 0]) {
      const { bytesRead, opens } = files;
      files.append("btmp", failures(appended));
      await read(source);
      // The last record is read again, to see that the file is still the same.
      assertEquals(files.bytesRead - bytesRead, (appended + 1) * SIZE);
      assertEquals(files.opens, opens);
    }
    assertEquals(await read(source), count + 21);
  });
}

Deno.test("a new modification time alone gives a new result with the same data", async () => {
  const { files, source } = withFile(3);
  const first = await source.read({ waits: false });
  files.append("btmp", new Uint8Array());
  const second = await source.read({ waits: false });
  assert(first.ok && second.ok && first.modified !== second.modified);
  assertStrictEquals(second.data, first.data);
});

for (const whole of [0, 1, 500]) {
  Deno.test(`half a record after ${whole} is counted when it is whole, and once`, async () => {
    const { files, source } = withFile(whole);
    await read(source);
    const record = failures(1, whole);
    for (const part of [record.subarray(0, 1), record.subarray(1, 300)]) {
      files.append("btmp", part);
      assertEquals(await read(source), whole);
    }
    files.append("btmp", record.subarray(300));
    assertEquals(await read(source), whole + 1);
    assertEquals((await dataOf(source)).faults, 0);
  });
}

Deno.test("half a record that is cut off and written again is no rotation", async () => {
  const { files, source } = withFile(500);
  files.append("btmp", failures(1).subarray(0, 100));
  assertEquals(await read(source), 500);
  // updwtmp(3) removes what an interrupted write left.
  files.rewrite("btmp", failures(500));
  assertEquals(await read(source), 500);
  files.append("btmp", failures(2));
  const { bytesRead } = files;
  assertEquals(await read(source), 502);
  assertEquals(files.bytesRead - bytesRead, 3 * SIZE);
});

for (const whole of [3, 500]) {
  Deno.test(`after a rotation, the rest of a file of ${whole} comes before the new file`, async () => {
    const { files, source } = withFile(whole);
    await read(source);
    files.append("btmp", failures(4));
    files.rename("btmp", "btmp.1");
    files.create("btmp", failures(2));
    assertEquals([await read(source), await read(source)], [whole + 4, 2]);
    assertEquals(files.openFiles, 1);
  });

  Deno.test(`after a rotation without a rest of ${whole}, the new file comes at once`, async () => {
    const { files, source } = withFile(whole);
    await read(source);
    files.rename("btmp", "btmp.1");
    files.create("btmp", failures(2));
    assertEquals([await read(source), await read(source)], [2, 2]);
    assertEquals(files.openFiles, 1);
  });
}

Deno.test("what is written to the old file after the rotation is counted too", async () => {
  const { files, source } = withFile(3);
  await read(source);
  files.rename("btmp", "btmp.1");
  files.create("btmp", failures(1));
  files.append("btmp.1", failures(1));
  assertEquals(await read(source), 4);
  files.append("btmp.1", failures(1));
  assertEquals([await read(source), await read(source)], [5, 1]);
});

Deno.test("an old file that grows for ever is left at last", async () => {
  const { files, source } = withFile(3);
  await read(source);
  files.rename("btmp", "btmp.1");
  files.create("btmp", failures(1));
  for (let reads = 1; reads <= RETIRED_READS; reads++) {
    files.append("btmp.1", failures(1));
    assertEquals(await read(source), 3 + reads);
  }
  files.append("btmp.1", failures(1));
  assertEquals(await read(source), 1);
  assertEquals(files.openFiles, 1);
});

Deno.test("a new file with as many records as the old one starts with 0, so that the reset is seen", async () => {
  const { files, source } = withFile(3);
  await read(source);
  files.rename("btmp", "btmp.1");
  files.create("btmp", failures(3));
  assertEquals([await read(source), await read(source), await read(source)], [0, 3, 3]);
});

Deno.test("the first file starts with its own counts", async () => {
  const { files, source } = withFile(3);
  files.remove("btmp");
  assertEquals(await read(source), "missing");
  files.create("btmp", failures(5));
  assertEquals(await read(source), 5);
});

Deno.test("a file that is cut off starts again (copytruncate)", async () => {
  const { files, source } = withFile(500);
  await read(source);
  files.rewrite("btmp", new Uint8Array());
  assertEquals(await read(source), 0);
  files.append("btmp", failures(2));
  assertEquals(await read(source), 2);
  files.rewrite("btmp", failures(1, 7));
  assertEquals(await read(source), 1);
  assertEquals(files.opens, 1);
});

for (const size of [500, 501, 700]) {
  Deno.test(`a file of 500 that was cut off and has ${size} other records starts again`, async () => {
    const { files, source } = withFile(500);
    await read(source);
    files.rewrite("btmp", failures(size, 1_000));
    assertEquals([await read(source), await read(source)], [0, size]);
  });
}

Deno.test("a file that is cut off between stat and read starts again", async () => {
  const { files, source } = withFile(500);
  await read(source);
  files.append("btmp", failures(3));
  files.beforeRead = () => {
    files.beforeRead = null;
    files.rewrite("btmp", failures(2, 9));
  };
  assertEquals(await read(source), 2);
});

Deno.test("a file that is renamed between stat and open is followed", async () => {
  const { files, source } = withFile(5);
  const { stat } = files;
  files.stat = async (path) => {
    const state = await stat(path);
    files.stat = stat;
    files.rename("btmp", "btmp.1");
    files.create("btmp", failures(2));
    return state;
  };
  assertEquals([await read(source), await read(source)], [2, 2]);
});

Deno.test("a missing file is a failure, stays open for what comes, and is closed at last", async () => {
  const { files, source } = withFile(3);
  await read(source);
  files.append("btmp", failures(2));
  files.rename("btmp", "btmp.1");
  assertEquals(await read(source), "missing");
  files.create("btmp", failures(1));
  assertEquals([await read(source), await read(source)], [5, 1], "the rest is not lost");
  files.remove("btmp");
  const first = await source.read({ waits: false });
  assertEquals(files.openFiles, 1);
  for (let reads = 1; reads < RETIRED_READS; reads++) {
    assertStrictEquals(await source.read({ waits: false }), first);
  }
  assertEquals(files.openFiles, 0, "a removed file takes disk space while it is open");
});

Deno.test("a file that comes back goes on, also after it was closed", async () => {
  for (const reads of [1, RETIRED_READS + 1]) {
    const { files, source } = withFile(3);
    await read(source);
    files.rename("btmp", "elsewhere");
    for (let i = 0; i < reads; i++) assertEquals(await read(source), "missing");
    files.rename("elsewhere", "btmp");
    files.append("btmp", failures(1));
    assertEquals([await read(source), await read(source)], [4, 4], "no 0 in between");
  }
});

Deno.test("a file that was cut off, was away and comes back goes on", async () => {
  const { files, source } = withFile(3);
  await read(source);
  files.rewrite("btmp", failures(2));
  assertEquals(await read(source), 2);
  files.rename("btmp", "elsewhere");
  for (let i = 0; i <= RETIRED_READS; i++) assertEquals(await read(source), "missing");
  files.rename("elsewhere", "btmp");
  assertEquals([await read(source), await read(source)], [2, 2], "no 0 in between");
});

Deno.test("a new file with the inode of a removed one starts with 0, so that the reset is seen", async () => {
  const { files, source } = withFile(3);
  await read(source);
  files.rename("btmp", "elsewhere");
  for (let i = 0; i <= RETIRED_READS; i++) await read(source);
  files.rename("elsewhere", "btmp");
  files.rewrite("btmp", failures(3, 100));
  assertEquals([await read(source), await read(source)], [0, 3]);
});

for (const away of [1, RETIRED_READS, RETIRED_READS + 5]) {
  Deno.test(`after a rotation without a new file for ${away} reads, the rest comes first`, async () => {
    const { files, source } = withFile(3);
    await read(source);
    files.append("btmp", failures(2));
    files.rename("btmp", "btmp.1");
    for (let i = 0; i < away; i++) assertEquals(await read(source), "missing");
    files.create("btmp", failures(1));
    assertEquals([await read(source), await read(source), await read(source)], [5, 1, 1]);
    assertEquals(files.openFiles, 1);
  });
}

Deno.test("the rest of a removed file comes before a new file with its inode", async () => {
  const { files, source } = withFile(3);
  await read(source);
  files.append("btmp", failures(2));
  files.rename("btmp", "elsewhere");
  for (let i = 0; i <= RETIRED_READS; i++) await read(source);
  files.rename("elsewhere", "btmp");
  files.rewrite("btmp", failures(1, 100));
  assertEquals([await read(source), await read(source), await read(source)], [5, 1, 1]);
});

for (const kind of ["directory", "fifo"] as const) {
  Deno.test(`a ${kind} is a failure, and is not opened`, async () => {
    const files = new GrowingFiles();
    files.create("btmp", new Uint8Array(), kind);
    assertEquals([await read(btmpSource(files)), files.opens], ["not_regular", 0]);
  });
}

Deno.test("a file that may not be read is a failure, the same object until it may", async () => {
  const { files, source } = withFile(3);
  files.denied = new Deno.errors.PermissionDenied("Permission denied");
  const first = await source.read({ waits: false });
  assert(!first.ok);
  assertEquals([first.failure.reason, first.failure.source, first.failure.path], [
    "denied",
    "btmp",
    "btmp",
  ]);
  assertStrictEquals(await source.read({ waits: false }), first);
  files.denied = null;
  assertEquals(await read(source), 3);
});

Deno.test("the rest of a file comes before the failure of one that may not be read", async () => {
  const { files, source } = withFile(3);
  await read(source);
  files.append("btmp", failures(2));
  files.rename("btmp", "btmp.1");
  files.create("btmp", failures(1));
  files.denied = new Deno.errors.PermissionDenied("Permission denied");
  assertEquals([await read(source), await read(source)], [5, "denied"]);
  files.denied = null;
  assertEquals(await read(source), 1);
});

Deno.test("after an error of the disk, the file is opened again and goes on where it was", async () => {
  const { files, source } = withFile(500);
  await read(source);
  files.append("btmp", failures(2));
  files.inode("btmp").error = new Error("Input/output error");
  assertEquals([await read(source), await read(source)], ["io", "io"]);
  files.inode("btmp").error = null;
  const { bytesRead } = files;
  assertEquals(await read(source), 502);
  assertEquals([files.bytesRead - bytesRead, files.openFiles], [3 * SIZE, 1]);
});

Deno.test("an old file that cannot be read any more is left", async () => {
  const { files, source } = withFile(5);
  await read(source);
  files.inode("btmp").error = new Error("Stale file handle");
  files.rename("btmp", "btmp.1");
  files.create("btmp", failures(2));
  assertEquals(await read(source), 2);
  assertEquals(files.openFiles, 1);
});

Deno.test("content of another kind is a failure, and is not read again until it changes", async () => {
  const files = new GrowingFiles();
  files.create("btmp", new TextEncoder().encode("no records at all\n".repeat(10_000)));
  const source = btmpSource(files);
  const first = await source.read({ waits: false });
  assertEquals(failuresOf(first), "malformed");
  assertEquals(files.bytesRead, HEAD_SIZE);
  assertStrictEquals(await source.read({ waits: false }), first);
  assertEquals(files.bytesRead, HEAD_SIZE);
  files.rewrite("btmp", failures(2));
  assertEquals(await read(source), 2);
});

Deno.test("a new layout is logged once, and an empty file between does not matter", async () => {
  const log = keptLog();
  const files = new GrowingFiles();
  files.create("btmp", failures(3));
  const source = btmpSource(files, { log });
  await read(source);
  files.create("btmp");
  await read(source);
  files.create("btmp", encodeUtmp("400le", sshFailures("a", "b")));
  for (let i = 0; i < 3; i++) await read(source);
  assertEquals(await read(source), 2);
  assertEquals(log.messages(), [
    '"the layout of a file of past logins changed" source=btmp path=btmp from=384le to=400le',
  ]);
});

Deno.test("a large file has no data until the end of the pass, which goes on between reads", async () => {
  const { files, source } = withFile(MANY);
  const first = await source.read({ waits: false });
  assert(first.ok);
  assertEquals(first.data, null);
  assertStrictEquals(await source.read({ waits: false }), first);
  assertEquals((await dataOf(source)).remote, MANY);
  // Each chunk starts with the last record, and may end within one.
  const twice = files.bytesRead - MANY * SIZE;
  assert(twice < (MANY * SIZE / CHUNK_SIZE + 2) * 2 * SIZE, String(twice));
});

Deno.test("while much that was appended is read, the last result stays", async () => {
  const { files, source } = withFile(3);
  const first = await source.read({ waits: false });
  files.append("btmp", failures(MANY));
  assertStrictEquals(await source.read({ waits: false }), first);
  assertEquals((await dataOf(source)).remote, MANY + 3);
});

Deno.test("a large file that is renamed during the first pass is read to its end", async () => {
  const { files, source } = withFile(MANY);
  assertEquals(await read(source), null);
  files.rename("btmp", "btmp.1");
  files.create("btmp", failures(2));
  assertEquals((await dataOf(source)).remote, MANY);
  assertEquals([await read(source), files.openFiles], [2, 1]);
});

Deno.test("a large file that disappears during the first pass is a failure at once", async () => {
  const { files, source } = withFile(MANY);
  assertEquals(await read(source), null);
  files.remove("btmp");
  assertEquals(await read(source), "missing");
  assertEquals(failuresOf(await source.read({ waits: true })), "missing");
});

Deno.test("a large file that is cut off during the first pass starts again", async () => {
  const { files, source } = withFile(MANY);
  assertEquals(await read(source), null);
  files.rewrite("btmp", failures(2));
  assertEquals((await dataOf(source)).remote, 2);
});

Deno.test("an error during a pass is a failure, and the pass goes on where it was", async () => {
  const { files, source } = withFile(MANY);
  assertEquals(await read(source), null);
  files.inode("btmp").error = new Error("Input/output error");
  assertEquals(failuresOf(await source.read({ waits: true })), "io");
  files.inode("btmp").error = null;
  const { bytesRead } = files;
  assertEquals((await dataOf(source)).remote, MANY);
  assert(files.bytesRead - bytesRead < MANY * SIZE / 2, "not from the start");
});

Deno.test("a pass that hangs is a failure until it goes on", async () => {
  const files = new GrowingFiles();
  files.create("btmp", failures(MANY));
  const clock = new TestClock();
  const source = btmpSource(files, { clock });
  assertEquals(await read(source), null);
  const { promise, resolve } = Promise.withResolvers<void>();
  files.inode("btmp").hang = promise;
  clock.pass(STALL_TIME);
  assertEquals(await read(source), null);
  clock.pass(1);
  const result = await source.read({ waits: false });
  assert(!result.ok);
  assertEquals([result.failure.reason, result.failure.error], ["io", "no response in 3000 ms"]);
  files.inode("btmp").hang = null;
  resolve();
  assertEquals((await dataOf(source)).remote, MANY);
});

Deno.test("overlapping reads are one read", async () => {
  const { files, source } = withFile(3);
  const [first, second] = await Promise.all([
    source.read({ waits: false }),
    source.read({ waits: false }),
  ]);
  assertStrictEquals(first, second);
  assertEquals([files.opens, files.openFiles], [1, 1]);
});
