import { assert, assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { type Finished, run } from "../support/program.ts";
import { tempDir } from "../support/temp_dir.ts";

/** A commit date, so that no clock is in what is built. */
const EPOCH = { SOURCE_DATE_EPOCH: "1753273800" };

/** Bundles the program; gives the text of each of its files. */
async function bundle(): Promise<Readonly<Record<string, string>>> {
  const { code, stderr } = await run(["tools/bundle.sh"], { env: EPOCH });
  assertEquals(code, 0, stderr);
  const files = await bundleFiles("unix-user-exporter.js");
  const read = files.map(async (name) =>
    [name, await Deno.readTextFile(`dist/bundle/${name}`)] as const
  );
  return Object.fromEntries(await Promise.all(read));
}

/** The files of dist/bundle/ that a file imports, by way of others too, and itself. */
async function bundleFiles(
  name: string,
  found: readonly string[] = [],
): Promise<readonly string[]> {
  if (found.includes(name)) return found;
  const text = await Deno.readTextFile(`dist/bundle/${name}`);
  let all = [...found, name];
  for (const [, next = ""] of text.matchAll(/"\.\/([\w-]+-\d+\.js)"/g)) {
    all = [...await bundleFiles(next, all)];
  }
  return all;
}

function compile(output: string, denort: string): Promise<Finished> {
  const env = { ...EPOCH, DENORT_BIN: denort };
  return run(["tools/compile.sh", Deno.build.arch, output], { env });
}

Deno.test("the same sources give the same bundle, which says what it was made from", async () => {
  const first = await bundle();
  assertEquals(await bundle(), first);
  const text = Object.values(first).join("");
  assertMatch(text, /revision:"([0-9a-f]{40}(-modified)?|unknown)"/);
  assertStringIncludes(text, 'date:"2025-07-23T12:30:00Z"');
  assert(!text.includes(Deno.cwd()), "no path of the machine that made it");
});

Deno.test("nothing is bundled where git does not say what it would be made from", async () => {
  // As git sees a checkout of another user.
  const env = {
    GIT_TEST_ASSUME_DIFFERENT_OWNER: "1",
    GIT_CONFIG_COUNT: "0",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_SYSTEM: "/dev/null",
  };
  const { code, stderr } = await run(["tools/bundle.sh", "main.ts", "refused.js"], { env });
  assertEquals(code, 128);
  assertStringIncludes(stderr, "dubious ownership");
});

Deno.test("plain Deno in the place of denort is a failure, and leaves no executable", async () => {
  await using dir = await tempDir();
  const output = dir.join("executable");
  const { code, stdout, stderr } = await compile(output, Deno.execPath());
  assertEquals([code, stdout], [1, ""]);
  assertMatch(stderr, / is not unix-user-exporter, version .* printed: deno /);
  assertStringIncludes(stderr, `DENORT_BIN names ${Deno.execPath()}, which is not denort\n`);
  assertEquals((await Array.fromAsync(Deno.readDir(dir.join("")))).length, 0);
});

Deno.test("deno compile takes in every file of the bundle", async () => {
  await bundle();
  await using dir = await tempDir();
  const output = dir.join("executable");
  const words = ["compile", "-q", "-P", "--no-prompt", "--no-code-cache"];
  const files = [
    "--config=dist/bundle/deno.json",
    "-o",
    output,
    "dist/bundle/unix-user-exporter.js",
  ];
  // Deno in the place of denort: what is taken in is the same, only that it does not run.
  const env = { DENORT_BIN: Deno.execPath() };
  const { code, stderr } = await run([Deno.execPath(), ...words, ...files], { env });
  assertEquals(code, 0, stderr);
  const text = new TextDecoder().decode(await Deno.readFile(output));
  const names = await bundleFiles("unix-user-exporter.js");
  // That of --healthcheck is one of those that are loaded when they are needed.
  assert(names.some((name) => name.startsWith("healthcheck-")), names.join(" "));
  for (const name of names) {
    assert(text.includes(await Deno.readTextFile(`dist/bundle/${name}`)), name);
  }
});

Deno.test("a denort that is not there is a failure, and leaves no executable", async () => {
  await using dir = await tempDir();
  const output = dir.join("executable");
  const { code, stderr } = await compile(output, dir.join("denort"));
  assertEquals(code, 1);
  assertStringIncludes(stderr, "Could not find denort");
  assertEquals((await Array.fromAsync(Deno.readDir(dir.join("")))).length, 0);
});
