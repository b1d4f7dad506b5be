import manifest from "../../deno.json" with { type: "json" };
import { assertEquals } from "../support/assert.ts";
import { build } from "../support/build.ts";
import { program, testNeeding } from "../support/needs.ts";
import { type Finished, run } from "../support/program.ts";
import { type TempDir, tempDir } from "../support/temp_dir.ts";

const NAME = `dist/unix-user-exporter-${manifest.version}-linux`;
const OTHER = Deno.build.arch === "x86_64" ? "aarch64" : "x86_64";

/** Runs the tool beside executables for these architectures; the tests themselves only say what they are of. */
async function testRelease(
  dir: TempDir,
  { architectures, CI = "" }: { readonly architectures: readonly string[]; readonly CI?: string },
): Promise<Finished> {
  await build(["cp", "-r", "tools", "deno.json", dir.join("")]);
  await build(["mkdir", "-p", dir.join("dist")]);
  for (const script of ["end-to-end", "emulated-tests"]) {
    const text = `#!/bin/sh\necho "${script} of $EXPORTER"\n`;
    await Deno.writeTextFile(dir.join(`tools/${script}.sh`), text);
  }
  for (const arch of architectures) {
    await Deno.writeTextFile(dir.join(`${NAME}-${arch}`), "", { mode: 0o755 });
  }
  return await run([dir.join("tools/test-release.sh")], { env: { CI } });
}

testNeeding(
  [program("qemu-arm-static"), program(`qemu-${OTHER}-static`)],
  "each executable of a release is tested, those for other processors under qemu",
  async () => {
    await using dir = await tempDir();
    const architectures = ["x86_64", "aarch64", "armv7"];
    const { code, stdout } = await testRelease(dir, { architectures, CI: "true" });
    assertEquals(code, 0);
    assertEquals(
      stdout.trim().split("\n").toSorted(),
      [
        `end-to-end of ${NAME}-${Deno.build.arch}`,
        `emulated-tests of qemu-${OTHER}-static ${NAME}-${OTHER}`,
        `emulated-tests of qemu-arm-static ${NAME}-armv7`,
      ].toSorted(),
    );
  },
);

Deno.test("an executable that is missing is named, and with CI=true it is a failure", async () => {
  await using dir = await tempDir();
  const lines = ["x86_64", "aarch64", "armv7"].map((arch) =>
    `skipped: no executable in dist/: end-to-end tests for ${arch}\n`
  );
  for (const [CI, expected] of [["", 0], ["true", 1]] as const) {
    const { code, stdout } = await testRelease(dir, { architectures: [], CI });
    assertEquals([code, stdout], [expected, lines.join("")]);
  }
});
