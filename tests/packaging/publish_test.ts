import manifest from "../../deno.json" with { type: "json" };
import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";
import { build } from "../support/build.ts";
import { type Finished, run } from "../support/program.ts";
import { type TempDir, tempDir } from "../support/temp_dir.ts";

const FILE = `unix-user-exporter-${manifest.version}-linux-x86_64`;
const IMAGE = `ghcr.io/o/r:${manifest.version}@sha256:0123`;

/** Publishes a release of one file with a gh that writes down its arguments and the notes. */
async function publish(dir: TempDir, tag: string): Promise<Finished> {
  await build(["cp", "-r", "tools", "deno.json", dir.join("")]);
  await build(["mkdir", "-p", dir.join("bin")]);
  const gh = '#!/bin/sh\nwhile [ "$1" != --notes-file ]; do echo "$1"; shift; done\ncat "$2"\n';
  await Deno.writeTextFile(dir.join("bin/gh"), `${gh}shift 2; printf "%s\\n" "$@"\n`, {
    mode: 0o755,
  });
  return await run([dir.join("tools/publish.sh")], {
    env: {
      PATH: `${dir.join("bin")}:${Deno.env.get("PATH")}`,
      GITHUB_REF_NAME: tag,
      GITHUB_SERVER_URL: "https://git.example.org",
      GITHUB_REPOSITORY: "o/r",
      IMAGE,
    },
  });
}

/** A folder with what the first job of the workflow makes. */
async function built(): Promise<TempDir> {
  const dir = await tempDir();
  await Deno.mkdir(dir.join("dist"));
  await Deno.writeTextFile(dir.join(`dist/${FILE}`), "program");
  await Deno.writeTextFile(dir.join("dist/release-notes.md"), "| executable | 1 MB | 57 ms |\n");
  await build(["sh", "-c", `cd ${dir.join("dist")} && sha256sum ${FILE} >SHA256SUMS`]);
  return dir;
}

Deno.test("a release has notes with sizes, start times, the image and how to verify it", async () => {
  await using dir = await built();
  const { code, stdout, stderr } = await publish(dir, `v${manifest.version}`);
  assertEquals(code, 0, stderr);
  assert(stdout.includes(`release\ncreate\nv${manifest.version}\n--verify-tag\n`), stdout);
  const files = `https://git.example.org/o/r/blob/v${manifest.version}`;
  assertStringIncludes(stdout, `(${files}/CHANGELOG.md)`);
  assertStringIncludes(stdout, `(${files}/docs/security.md#verify-a-release)`);
  assertStringIncludes(stdout, `\`${IMAGE}\`\n\n| executable | 1 MB | 57 ms |\n`);
  assert(stdout.endsWith(`dist/${FILE}\ndist/SHA256SUMS\n`), stdout);
});

Deno.test("nothing is published for another tag, or that was changed on the way", async () => {
  await using dir = await built();
  const other = await publish(dir, "v1.2.3");
  assertEquals([other.code, other.stdout], [1, ""]);
  assertStringIncludes(other.stderr, "the tag is v1.2.3, the version in deno.json");
  await Deno.writeTextFile(dir.join(`dist/${FILE}`), "another");
  const changed = await publish(dir, `v${manifest.version}`);
  assertEquals(changed.code, 1);
  assert(!changed.stdout.includes("create"), changed.stdout);
});

Deno.test("nothing is published outside of the workflow", async () => {
  await using dir = await built();
  assertEquals(await publish(dir, ""), {
    code: 2,
    stdout: "",
    stderr: 'tools/publish.sh: only the workflow "release" publishes: GITHUB_REF_NAME is not set\n',
  });
});
