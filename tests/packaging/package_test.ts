import { assert, assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { program, testNeeding } from "../support/needs.ts";
import { run } from "../support/program.ts";
import { tempDir } from "../support/temp_dir.ts";
import { makePackages, nfpmNeed } from "../support/package.ts";
import { standIn } from "../support/stand_in.ts";

const NEEDS = [await nfpmNeed(), program("git")];

testNeeding(NEEDS, "two builds of one commit give the same packages", async () => {
  await using dir = await tempDir();
  const { path } = await standIn(dir);
  const one = await makePackages(dir, path, { folder: "one", env: { TZ: "UTC" } });
  // The same files from another time, with another umask, time zone and language, and in another place.
  await Deno.utime(path, 1, 1);
  await Deno.mkdir(dir.join("tmp"));
  const env = { TZ: "Asia/Tokyo", LC_ALL: "C.UTF-8", TMPDIR: dir.join("tmp") };
  const umask = Deno.umask(0o077);
  const other = await makePackages(dir, path, { folder: "other", env }).finally(() =>
    Deno.umask(umask)
  );
  for (const [first, second] of [[one.deb, other.deb], [one.rpm, other.rpm]] as const) {
    assert(first !== null && second !== null);
    assertEquals(await Deno.readFile(first), await Deno.readFile(second), first);
  }
});

testNeeding(NEEDS, "make packages without a program says what to do", async () => {
  await using dir = await tempDir();
  const env = { BINARY: dir.join("none"), PACKAGES: dir.join("packages") };
  const { code, stdout, stderr } = await run(["make", "--silent", "packages", "ARCH=x86_64"], {
    env,
  });
  assert(code !== 0);
  assertEquals(stdout, "");
  const [line, ...others] = stderr.trim().split("\n");
  assertStringIncludes(line ?? "", `no ${env.BINARY}: make it with \`make compile-all\``);
  assert(others.every((each) => each.startsWith("make")), stderr);
});

testNeeding(NEEDS, "what is not this program is not packaged", async () => {
  await using dir = await tempDir();
  const env = { BINARY: Deno.execPath(), PACKAGES: dir.join("packages") };
  const { code, stderr } = await run(["tools/packages.sh", Deno.build.arch], { env });
  assert(code !== 0);
  assertMatch(
    stderr,
    /^tools\/check-program\.sh: \S+ is not unix-user-exporter, version .* printed: deno /,
  );
  assertEquals(await Deno.stat(env.PACKAGES).catch(() => null), null);
});

Deno.test("an nfpm that does not exist is one line", async () => {
  const env = { NFPM: "/nonexistent/nfpm" };
  assertEquals(await run(["tools/nfpm.sh", "--version"], { env }), {
    code: 1,
    stdout: "",
    stderr: "tools/nfpm.sh: NFPM names /nonexistent/nfpm, which is no program\n",
  });
});
