import { assert, assertEquals, assertMatch, assertStringIncludes } from "../assert.ts";
import { type Finished, run, V8_FLAGS } from "../e2e/program.ts";
import { tempDir } from "../e2e/temp_dir.ts";

/** A commit date, so that no clock is in what is built. */
const EPOCH = { SOURCE_DATE_EPOCH: "1753273800" };

/** What Deno compiles in about the program, as far as it is looked at here. */
interface Compiled {
  readonly permissions: Readonly<Record<string, unknown>>;
  readonly code_cache_key: unknown;
  readonly v8_flags: readonly string[];
}

/** Bundles the program; gives the text of each of its files. */
async function bundle(): Promise<Readonly<Record<string, string>>> {
  const { code, stderr } = await run(["tools/bundle"], { env: EPOCH });
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
  return run(["tools/compile", Deno.build.arch, output], { env });
}

/** The JSON that Deno writes into the executable, after its length. */
function compiledIn(executable: Uint8Array): Compiled {
  const text = new TextDecoder("latin1").decode(executable);
  const start = text.lastIndexOf('{"argv":');
  const length = new DataView(executable.buffer).getBigUint64(start - 8, true);
  return JSON.parse(text.slice(start, start + Number(length)));
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
  const { code, stderr } = await run(["tools/bundle", "main.ts", "refused.js"], { env });
  assertEquals(code, 128);
  assertStringIncludes(stderr, "dubious ownership");
});

Deno.test("the executable holds the bundle and the permissions of deno.json, and no code cache", async () => {
  await using dir = await tempDir();
  const output = dir.join("executable");
  // Deno in the place of denort: all is written as it would be, only that it does not run.
  const { code, stderr } = await compile(output, Deno.execPath());
  assertEquals(code, 0, stderr);
  const executable = await Deno.readFile(output);
  const { permissions, code_cache_key, v8_flags } = compiledIn(executable);
  const flags = V8_FLAGS.split(",");
  assertEquals(v8_flags.slice(-flags.length), flags);
  const text = new TextDecoder().decode(executable);
  const files = await bundleFiles("unix-user-exporter.js");
  // That of --healthcheck is one of those that are loaded when they are needed.
  assert(files.some((name) => name.startsWith("healthcheck-")), files.join(" "));
  for (const name of files) {
    assert(text.includes(await Deno.readTextFile(`dist/bundle/${name}`)), name);
  }
  const manifest = JSON.parse(await Deno.readTextFile("deno.json"));
  const wanted: Readonly<Record<string, unknown>> = manifest.permissions.default;
  for (const name of ["env", "ffi", "net", "read", "run", "sys", "write"]) {
    const granted = wanted[name] === true ? [] : wanted[name] ?? null;
    assertEquals(permissions[`allow_${name}`], granted, name);
  }
  assertEquals([permissions["prompt"], code_cache_key], [false, null]);
});

Deno.test("a denort that is not there is a failure, and leaves no executable", async () => {
  await using dir = await tempDir();
  const output = dir.join("executable");
  const { code, stderr } = await compile(output, dir.join("denort"));
  assertEquals(code, 1);
  assertStringIncludes(stderr, "Could not find denort");
  assertEquals((await Array.fromAsync(Deno.readDir(dir.join("")))).length, 0);
});
