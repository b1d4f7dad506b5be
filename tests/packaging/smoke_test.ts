import manifest from "../../deno.json" with { type: "json" };
import { assertEquals } from "../support/assert.ts";
import { build } from "../support/build.ts";
import { run } from "../support/program.ts";
import { tempDir } from "../support/temp_dir.ts";

const EXECUTABLE = `dist/unix-user-exporter-${manifest.version}-linux-${Deno.build.arch}`;

/** What the end-to-end tests are run against, by what compiling does. */
const RUNS = {
  [`mkdir dist && install -m 755 /dev/null ${EXECUTABLE}`]: EXECUTABLE,
  'echo "skipped: no denort: of a test"': "tools/bundled.sh",
};

for (const [compile, exporter] of Object.entries(RUNS)) {
  Deno.test(`make smoke tests ${exporter} after: ${compile}`, async () => {
    await using dir = await tempDir();
    await build(["cp", "-r", "tools", "deno.json", dir.join("")]);
    await Deno.writeTextFile(dir.join("tools/compile.sh"), `#!/bin/sh\n${compile}\n`);
    await Deno.writeTextFile(dir.join("tools/end-to-end.sh"), '#!/bin/sh\necho "ran $EXPORTER"\n');
    const { code, stdout } = await run([dir.join("tools/smoke.sh")]);
    assertEquals([code, stdout.trim().split("\n").at(-1)], [0, `ran ${exporter}`]);
  });
}
