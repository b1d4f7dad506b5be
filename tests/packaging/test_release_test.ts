import { assertEquals } from "../support/assert.ts";
import { build } from "../support/build.ts";
import { run } from "../support/program.ts";
import { tempDir } from "../support/temp_dir.ts";

Deno.test("an executable that is missing is named, and with CI=true it is a failure", async () => {
  await using dir = await tempDir();
  await build(["cp", "-r", "tools", "deno.json", dir.join("")]);
  const lines = ["x86_64", "aarch64", "armv7"].map((arch) =>
    `skipped: no executable in dist/: end-to-end tests for ${arch}\n`
  );
  for (const [CI, expected] of [["", 0], ["true", 1]] as const) {
    const { code, stdout } = await run([dir.join("tools/test-release.sh")], { env: { CI } });
    assertEquals([code, stdout], [expected, lines.join("")]);
  }
});
