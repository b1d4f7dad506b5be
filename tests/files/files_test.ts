import { MAX_FILE_SIZE, readRegularFile, statRegularFile } from "../../lib/files/files.ts";
import { assertEquals } from "../support/assert.ts";
import { FakeFiles, fileState } from "../support/fake_files.ts";

const FIXTURE = "tests/fixtures/x86_64.utmp";

for (
  const [what, path, expected] of [
    ["a regular file", FIXTURE, "accepted"],
    ["a file that is not there", "tests/fixtures/none", "missing"],
    ["a path below a file", `${FIXTURE}/x`, "missing"],
    ["a directory", "tests/fixtures", "not_regular"],
    ["a device", "/dev/zero", "not_regular"],
    ["a file that Deno guards", "/proc/self/mounts", "denied"],
    ["a name that is too long", `/${"x".repeat(5_000)}`, "io"],
    ["a name with a NUL", "/tmp/\0", "io"],
  ] as const
) {
  Deno.test(`the path of ${what}: ${expected}`, async () => {
    const outcome = await statRegularFile(Deno, path);
    assertEquals(outcome.ok ? "accepted" : outcome.reason, expected);
  });
}

for (
  const [error, reason] of [
    [new Deno.errors.NotFound(), "missing"],
    [new Deno.errors.NotADirectory(), "missing"],
    [new Deno.errors.PermissionDenied(), "denied"],
    [new Deno.errors.NotCapable(), "denied"],
    [new Deno.errors.IsADirectory(), "not_regular"],
    [new Deno.errors.FilesystemLoop(), "io"],
    [new Error("Input/output error (os error 5)"), "io"],
  ] as const
) {
  Deno.test(`${error.name} while reading: ${reason}`, async () => {
    const files = new FakeFiles(new Uint8Array(0), 0);
    files.content = error;
    const outcome = await readRegularFile(files, "/run/utmp");
    assertEquals(outcome, { ok: false, reason, error: String(error) });
  });
}

Deno.test("the maximum size is accepted, and one byte more is not, before and after the read", async () => {
  for (const [size, expected] of [[MAX_FILE_SIZE, "accepted"], [MAX_FILE_SIZE + 1, "too_large"]]) {
    const files = new FakeFiles(new Uint8Array(Number(size)), 0);
    files.state = fileState(Number(size), 0);
    for (const check of [statRegularFile, readRegularFile]) {
      const outcome = await check(files, "/run/utmp");
      assertEquals(outcome.ok ? "accepted" : outcome.reason, expected);
    }
  }
});
