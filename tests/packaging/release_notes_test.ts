import manifest from "../../deno.json" with { type: "json" };
import { assertMatch } from "../support/assert.ts";
import { build } from "../support/build.ts";
import { tempDir } from "../support/temp_dir.ts";

Deno.test("the notes of a release have the size and the start time of an executable", async () => {
  await build(["tools/bundle.sh"]);
  await using dir = await tempDir();
  const name = `unix-user-exporter-${manifest.version}-linux-${Deno.build.arch}`;
  // 1.2 MB that run the program.
  const script = `#!/bin/sh\nexec tools/bundled.sh "$@"\n${"#".repeat(1_200_000)}\n`;
  await Deno.writeTextFile(dir.join(name), script, { mode: 0o755 });
  const words = ["run", "-q", "-P=e2e", "--no-prompt", "--frozen", "tools/release_notes.ts"];
  const notes = await build(["tools/deno.sh", ...words, dir.join(name)]);
  const [, , row = ""] = notes.split("\n");
  assertMatch(row, new RegExp(`^\\| ${name} \\| 1\\.2 MB \\| [1-9]\\d* ms \\|$`));
});
