import { type OpenFile, openRegularFile, readAt } from "../../lib/files/open_file.ts";
import { assert, assertEquals, assertNotEquals } from "../support/assert.ts";
import { GrowingFiles } from "../support/growing_files.ts";

const FIXTURE = "tests/fixtures/x86_64.utmp";

for (
  const [what, path, expected] of [
    ["a regular file", FIXTURE, "opened"],
    ["a file that is not there", "tests/fixtures/none", "missing"],
    ["a directory", "tests/fixtures", "not_regular"],
    ["a device", "/dev/zero", "not_regular"],
    ["what Deno guards", "/proc/self/mounts", "denied"],
  ] as const
) {
  Deno.test(`opening ${what}: ${expected}`, async () => {
    const opened = await openRegularFile(Deno, path);
    assertEquals(opened.ok ? "opened" : opened.reason, expected);
    if (opened.ok) opened.file.close();
  });
}

Deno.test("parts of a real file are read at their places", async () => {
  const bytes = await Deno.readFile(FIXTURE);
  const opened = await openRegularFile(Deno, FIXTURE);
  assert(opened.ok);
  assertEquals(opened.state.size, bytes.length);
  const buffer = new Uint8Array(1_000);
  for (const offset of [0, 384, 0, bytes.length - 10, bytes.length, bytes.length + 1]) {
    assertEquals(await readAt(opened.file, buffer, offset), bytes.slice(offset, offset + 1_000));
  }
  opened.file.close();
});

Deno.test("short reads are continued until the buffer is full or the file ends", async () => {
  const content = Uint8Array.from({ length: 10 }, (_, i) => i);
  let position = 0;
  const file: OpenFile = {
    stat: () => Promise.reject(new Error("not used")),
    seek: (offset) => Promise.resolve(position = offset),
    read: (buffer) => {
      const bytes = content.subarray(position, position + Math.min(3, buffer.length));
      buffer.set(bytes);
      position += bytes.length;
      return Promise.resolve(bytes.length === 0 ? null : bytes.length);
    },
    close: () => {},
  };
  assertEquals([...await readAt(file, new Uint8Array(7), 1)], [1, 2, 3, 4, 5, 6, 7]);
  assertEquals([...await readAt(file, new Uint8Array(20), 4)], [4, 5, 6, 7, 8, 9]);
});

Deno.test("the state is that of the file that was opened, and a failed stat closes it", async () => {
  const files = new GrowingFiles();
  files.create("a");
  const { open } = files;
  files.open = async (path) => {
    files.rename("a", "b");
    files.create("a");
    return await open(path);
  };
  const before = await files.stat("a");
  const opened = await openRegularFile(files, "a");
  assert(opened.ok);
  assertNotEquals(opened.state.ino, before.ino);
  opened.file.close();
  files.open = async (path) => ({
    ...await open(path),
    stat: () => Promise.reject(new Error("Input/output error")),
  });
  const failed = await openRegularFile(files, "a");
  assertEquals([failed.ok, files.openFiles], [false, 0]);
});
