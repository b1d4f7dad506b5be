import manifest from "../../deno.json" with { type: "json" };
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { build, copyRepository } from "../support/build.ts";
import { file, program, testNeeding } from "../support/needs.ts";
import { type Finished, run } from "../support/program.ts";
import { type TempDir, tempDir } from "../support/temp_dir.ts";

const ARCHIVE = "node-v22.1.2-linux-armv7l.tar.gz";
const NEEDS = ["curl", "tar"].map(program);

/** What tools/node-armv7.env says in a test. */
interface Pin {
  readonly sum: string;
  readonly endOfLife?: string;
}

/** A mirror of nodejs.org with one release, and a copy of the tool; gives the checksum of the release. */
async function mirror(dir: TempDir): Promise<string> {
  const script =
    `mkdir -p tools dist/v22.1.2 dist/latest-v22.x node/bin && echo "of ARM" >node/bin/node &&
    tar -czf dist/v22.1.2/${ARCHIVE} --transform 's/^node/${
      ARCHIVE.replace(".tar.gz", "")
    }/' node &&
    echo "0123  ${ARCHIVE}" >dist/latest-v22.x/SHASUMS256.txt && sha256sum dist/v22.1.2/*`;
  await build(["cp", "-r", "tools", dir.join("tools")]);
  const [sum = ""] = (await build(["sh", "-c", `cd ${dir.join("")} && ${script}`])).split(" ");
  return sum;
}

/** Runs the tool of a mirror with a pin. */
async function fetchNode(
  dir: TempDir,
  { sum, endOfLife = "9999-01-01" }: Pin,
  env: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  const pin = `NODE_VERSION=22.1.2\nNODE_SHA256=${sum}\nNODE_END_OF_LIFE=${endOfLife}\n`;
  await Deno.writeTextFile(dir.join("tools/node-armv7.env"), pin);
  const NODE_MIRROR = `file://${dir.join("dist")}`;
  const named = { NODE_ARMV7: "", CI: "", NODE_MIRROR, ...env };
  return await run([dir.join("tools/node-armv7.sh")], { env: named });
}

testNeeding(NEEDS, "the Node of a release is the one with the pinned checksum", async () => {
  await using dir = await tempDir();
  const sum = await mirror(dir);
  const path = dir.join(".deno/node-armv7-22.1.2/node");
  const refused = await fetchNode(dir, { sum: sum.replace(/^./, (c) => c === "0" ? "1" : "0") });
  assertEquals([refused.code, refused.stdout], [1, ""]);
  assertStringIncludes(refused.stderr, `${ARCHIVE} is not the file of the pinned checksum; set`);

  for (const CI of ["", "true"]) {
    assertEquals(await fetchNode(dir, { sum }, { CI }), {
      code: 0,
      stdout: `${path}\n`,
      stderr: "",
    });
    assertEquals(await Deno.readTextFile(path), "of ARM\n");
  }
  // What is in .deno/ is checked again before it is used again.
  await Deno.writeTextFile(dir.join(`.deno/node-armv7-22.1.2/${ARCHIVE}`), "another");
  assertEquals((await fetchNode(dir, { sum })).code, 1);
});

testNeeding(
  NEEDS,
  "a release needs the newest Node of a line that is maintained, and a mirror that has it",
  async () => {
    await using dir = await tempDir();
    const sum = await mirror(dir);
    const ended = await fetchNode(dir, { sum, endOfLife: "2024-04-30" }, { CI: "true" });
    assertEquals([ended.code, ended.stdout], [1, ""]);
    assertStringIncludes(ended.stderr, "Node 22.1.2 got its last fixes on 2024-04-30; set another");
    const newest = ARCHIVE.replace("22.1.2", "22.1.3");
    await Deno.writeTextFile(dir.join("dist/latest-v22.x/SHASUMS256.txt"), `0123  ${newest}\n`);
    const old = await fetchNode(dir, { sum }, { CI: "true" });
    assertEquals([old.code, old.stdout], [1, ""]);
    assertStringIncludes(old.stderr, "Node 22.1.2 is not the newest of its line; set another");
    const env = { NODE_MIRROR: `file://${dir.join("none")}` };
    const missing = await fetchNode(dir, { sum }, env);
    assertEquals([missing.code, missing.stdout], [3, ""]);
    assertStringIncludes(missing.stderr, `cannot download ${env.NODE_MIRROR}/v22.1.2/${ARCHIVE}\n`);
    // A release of the past can be built again.
    assertEquals((await fetchNode(dir, { sum })).code, 0);
  },
);

testNeeding(
  [program("qemu-arm-static"), file("/lib/ld-linux-armhf.so.3")],
  "an executable of another Node than that of releases says so in its version",
  async () => {
    await build(["tools/compile-node.sh"], { NODE_ARMV7: "npm" });
    const file = `dist/unix-user-exporter-${manifest.version}-linux-armv7`;
    const version = await build(["qemu-arm-static", file, "--version"]);
    assertMatch(
      version,
      /^ +deno version: node-20\.11\.0\n.*\n +warning: +made of Node 20\.11\.0, which may get no security fixes; releases are made of Node 22\.\d+\.\d+\n$/m,
    );
    // The bundle is for a Node of its user.
    const bundle = await Deno.readTextFile(
      `dist/unix-user-exporter-${manifest.version}-node.cjs`,
    );
    assert(!bundle.includes("made of Node"));
  },
);

testNeeding(
  [program("qemu-arm-static"), file("/lib/ld-linux-armhf.so.3"), program("curl")],
  "no executable is made of another Node than that of releases unless it is named",
  async () => {
    await using dir = await tempDir();
    const copy = dir.join("copy");
    const variables = await copyRepository(copy);
    await Deno.mkdir(`${copy}/dist`);
    const old = `${copy}/dist/unix-user-exporter-${manifest.version}-linux-armv7`;
    const pin = await Deno.readTextFile("tools/node-armv7.env");
    const [, version = ""] = /^NODE_VERSION=(.+)$/m.exec(pin) ?? [];
    for (const [CI, expected] of [["", 0], ["true", 1]] as const) {
      await Deno.writeTextFile(old, "of an earlier build");
      const { code, stdout } = await run([`${copy}/tools/compile-node.sh`], {
        env: { ...variables, NODE_ARMV7: "", NODE_MIRROR: `file://${dir.join("none")}`, CI },
      });
      assertEquals(code, expected);
      const line = `skipped: no Node ${version}, and NODE_ARMV7 names no other: armv7\n`;
      assert(stdout.endsWith(`-node.cjs\n${line}`), stdout);
      assertEquals(await Deno.stat(old).catch(() => null), null);
    }
  },
);

Deno.test("README and docs name the Node of releases, and until when it gets fixes", async () => {
  const pin = await Deno.readTextFile("tools/node-armv7.env");
  const [version = "", sum = "", endOfLife = ""] = [...pin.matchAll(/^NODE_\w+=(\S+)$/gm)]
    .map(([, value]) => value);
  assertMatch(`${version} ${sum} ${endOfLife}`, /^\d+\.\d+\.\d+ [0-9a-f]{64} \d{4}-\d\d-\d\d$/);
  assertStringIncludes(await Deno.readTextFile("docs/install.md"), `Node ${version} `);
  for (const path of ["README.md", "docs/install.md"]) {
    const text = await Deno.readTextFile(path);
    assertStringIncludes(text, `Node ${version.split(".")[0]}`);
    assertStringIncludes(text, `until ${endOfLife}`);
  }
});
