// tools/test.sh with a stand-in for Deno, which prints what the test runner would.
import { assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { build } from "../support/build.ts";
import { run } from "../support/program.ts";
import { tempDir } from "../support/temp_dir.ts";

const SKIPPED = `skipped: a: b: no chromium ... ignored (0ms)
skipped: the image: no podman, no chromium ... ignored (0ms)
`;

/** Three runs of the test runner: unit tests, documentation, and end-to-end tests. */
const PASSED = `running 2 tests from ./tests/a_test.ts
one: 1 ... ok (1ms)
two ... ok (1ms)

ok | 2 passed | 0 failed (1ms)

running 1 test from ./lib/utmp/mod.ts$1-2.ts

ok | 1 passed (2 steps) | 0 failed (1ms)

running 4 tests from ./tests/e2e/c_test.ts
five ... ok (1ms)
${SKIPPED}
`;

const FAILED = `four: it fails ... FAILED (1ms)

 ERRORS 

four: it fails => ./tests/e2e/c_test.ts:4:6
error: AssertionError: ok | 9 passed | 9 failed

 FAILURES 

four: it fails => ./tests/e2e/c_test.ts:4:6

FAILED | 1 passed | 1 failed | 2 ignored (1s)

error: Test failed
`;

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly log: string;
}

/** Runs the script where the tests print the output and end with the exit code. */
async function summarize(
  output: string,
  { code, ...env }: { readonly code: number; readonly CI?: string },
): Promise<Outcome> {
  await using dir = await tempDir();
  const deno = `#!/bin/sh
case "$*" in
  --version) echo "deno 2.9.6 (stable)" ;;
  *--filter*) grep '^skipped: ' '${dir.join("output")}' ; echo 'ok | 0 passed | 0 failed (1ms)' ;;
  "task -q test") cat '${dir.join("output")}'; exit ${code} ;;
esac
`;
  await build(["cp", "-r", "tools", "deno.json", dir.join("")]);
  await Deno.mkdir(dir.join("bin"));
  await Deno.writeTextFile(dir.join("output"), output);
  await Deno.writeTextFile(dir.join("bin/deno"), deno, { mode: 0o755 });
  const finished = await run([dir.join("tools/test.sh")], {
    env: { PATH: `${dir.join("bin")}:${Deno.env.get("PATH")}`, CI: "", ...env },
  });
  assertEquals(finished.stderr, "");
  return { ...finished, log: await Deno.readTextFile(dir.join("dist/test.log")) };
}

Deno.test("make test says what is skipped before, and who failed after, and keeps the log", async () => {
  const { code, stdout, log } = await summarize(PASSED + FAILED, { code: 3 });
  assertEquals(code, 3);
  assertEquals(log, PASSED + FAILED);
  assertMatch(stdout, /^All tests take about \d+ minutes/);
  const [before = "", after = ""] = stdout.split("\n\n");
  assertStringIncludes(before, "\n  chromium: 2\n  podman: 1\n");
  assertStringIncludes(before, "\nrunning 4 tests from ./tests/e2e/c_test.ts\n");
  assertStringIncludes(before, "\nfour: it fails ... FAILED (1ms)");
  assertEquals(
    after.replace(/ in \d+ min \d+ s$/m, ""),
    `passed: 4, failed: 1, skipped: 2,
failed:
  four: it fails => ./tests/e2e/c_test.ts:4:6
skipped:
  a: b: no chromium
  the image: no podman, no chromium
log: dist/test.log
`,
  );
});

Deno.test("make test says that nothing is skipped, and ends with 0 when all tests pass", async () => {
  const { code, stdout } = await summarize(PASSED.replace(SKIPPED, ""), { code: 0 });
  assertEquals(code, 0);
  assertStringIncludes(stdout, "\nNo test is skipped.\n");
  assertMatch(
    stdout,
    /\npassed: 3, failed: 0, skipped: 0, in \d+ min \d+ s\nlog: dist\/test\.log\n$/,
  );
});

Deno.test("make test shows the end of the log of tests that end without a result", async () => {
  const { code, stdout } = await summarize("error: Type checking failed.\n", { code: 1 });
  assertEquals(code, 1);
  assertStringIncludes(stdout, "exit code 1:\nerror: Type checking failed.\n");
});

Deno.test("make test prints everything with CI=true, and each line that .ci/run counts once", async () => {
  const { stdout } = await summarize(PASSED + FAILED, { code: 1, CI: "true" });
  assertStringIncludes(stdout, PASSED + FAILED);
  assertEquals(stdout.match(/^(ok|FAILED) \| \d+ passed.*$/gm)?.length, 3);
});
