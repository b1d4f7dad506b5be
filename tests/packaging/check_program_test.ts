import manifest from "../../deno.json" with { type: "json" };
import { assert, assertEquals } from "../support/assert.ts";
import { build } from "../support/build.ts";
import { type Finished, run } from "../support/program.ts";
import { tempDir } from "../support/temp_dir.ts";

const VERSION =
  `case "$*" in *--version*) echo "unix-user-exporter, version ${manifest.version} ()"; exit;; esac`;
const FLAG = 'case "$*" in *--no-such-flag*) exit 2;; esac';
/** The real program, which runs in the repository. */
const REAL = `exec "${Deno.cwd()}/tools/bundled.sh"`;

/** Programs that users must not get, and what is said of each. */
const FAULTS: readonly { readonly program: string; readonly says: string }[] = [
  { program: "echo unix-user-exporter, version 2.0.1", says: "is not unix-user-exporter, version" },
  { program: `${VERSION}; exit 3`, says: "ended with 3 instead of 2 for an unknown flag" },
  { program: `${VERSION}; exec sleep 0`, says: "ended with 0 instead of 2 for an unknown flag" },
  { program: `${VERSION}; ${FLAG}; echo no network; exit 1`, says: "does not listen: no network" },
  {
    program: `${REAL} "$@" --utmp-path=tests/fixtures/two-bad-records.utmp`,
    says: "does not show 3 sessions in a scrape",
  },
];

async function check(program: string): Promise<Finished> {
  await using dir = await tempDir();
  const path = dir.join("program");
  await Deno.writeTextFile(path, `#!/bin/sh\n${program}\n`);
  await Deno.chmod(path, 0o755);
  return await run(["tools/check-program.sh", path, Deno.build.arch]);
}

Deno.test("a program that works is tried without a word", async () => {
  await build(["tools/bundle.sh"]);
  assertEquals(await check(`${REAL} "$@"`), { code: 0, stdout: "", stderr: "" });
});

for (const { program, says } of FAULTS) {
  Deno.test(`a program that ${says} is not packaged`, async () => {
    await build(["tools/bundle.sh"]);
    const { code, stdout, stderr } = await check(program);
    assertEquals([code, stdout], [1, ""]);
    assert(stderr.startsWith("tools/check-program.sh: ") && stderr.includes(says), stderr);
  });
}
