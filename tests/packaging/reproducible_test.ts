import manifest from "../../deno.json" with { type: "json" };
import { assert, assertEquals } from "../support/assert.ts";
import { build, copyRepository } from "../support/build.ts";
import { file, program, testNeeding } from "../support/needs.ts";
import { tempDir } from "../support/temp_dir.ts";

const NAME = `dist/unix-user-exporter-${manifest.version}`;
const EPOCH = { SOURCE_DATE_EPOCH: "1700000000" };

/** Builds a commit in a folder of its own; gives the checksums of what is made, by file. */
async function checksums(copy: string): Promise<string> {
  const env = {
    ...await copyRepository(copy),
    // The copy need not install the runtimes.
    NODE_ARMV7: (await build(["tools/foreign.sh", "node-armv7"])).trim(),
    // Deno in the place of denort: what is taken in is the same, only that it does not run.
    DENORT_BIN: Deno.execPath(),
    ...EPOCH,
  };
  const steps = [
    "tools/bundle.sh",
    "tools/compile-node.sh",
    "tools/deno.sh compile -q -P --no-prompt --no-code-cache --config dist/bundle/deno.json " +
    "-o dist/executable dist/bundle/unix-user-exporter.js",
    "tools/deno.sh run -q -P=build --no-prompt --frozen tools/sbom.ts >dist/sbom.json",
  ];
  await build(["bash", "-c", `cd "$1" && ${steps.join(" && ")}`, "build", copy], env);
  const list = "cd $1 && find dist -type f -not -name '.*' | sort | xargs sha256sum";
  return await build(["bash", "-c", list, "list", copy]);
}

testNeeding(
  [...["git", "qemu-arm-static"].map(program), file("/lib/ld-linux-armhf.so.3")],
  "two builds of a commit in different folders give the same files",
  async () => {
    await using dir = await tempDir();
    const first = await checksums(dir.join("one"));
    assertEquals(await checksums(dir.join("another-folder")), first);
    const files = first.trim().split("\n").map((line) => line.split("  ")[1] ?? "");
    for (
      const file of [
        "dist/bundle/unix-user-exporter.js",
        "dist/executable",
        `${NAME}-node.cjs`,
        `${NAME}-linux-armv7`,
        "dist/sbom.json",
      ]
    ) {
      assert(files.includes(file), `${file}: ${files}`);
    }
  },
);
