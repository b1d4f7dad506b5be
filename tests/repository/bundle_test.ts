import { assert, assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { Exporter } from "../support/exporter.ts";
import { get } from "../support/get.ts";
import { type Finished, run, V8_FLAGS } from "../support/program.ts";
import { fixture, tempDir } from "../support/temp_dir.ts";

/** A commit date, so that the bundle does not depend on the clock. */
const EPOCH = { SOURCE_DATE_EPOCH: "1753273800" };

/** How a file of the bundle imports another: in any way, and when it is loaded. */
const ANY_IMPORT = /"\.\/([\w-]+-\d+\.js)"/g;
const STATIC_IMPORT = /(?:\bfrom|\bimport)"\.\/([\w-]+\.js)"/g;

/** Bundles the program; gives the text of its first file and of all that are imported in this way. */
async function bundle(imports: RegExp): Promise<ReadonlyMap<string, string>> {
  const { code, stderr } = await run(["tools/bundle.sh"], { env: EPOCH });
  assertEquals(code, 0, stderr);
  const texts = new Map<string, string>();
  const names = new Set(["unix-user-exporter.js"]);
  for (const name of names) {
    const text = await Deno.readTextFile(`dist/bundle/${name}`);
    texts.set(name, text);
    for (const [, next = ""] of text.matchAll(imports)) names.add(next);
  }
  return texts;
}

/** Compiles an executable with this denort in a new folder; gives how that ended and what it left. */
async function compile(denort: string): Promise<Finished & { readonly left: readonly string[] }> {
  await using dir = await tempDir();
  const env = { ...EPOCH, DENORT_BIN: denort };
  const finished = await run(["tools/compile.sh", Deno.build.arch, dir.join("executable")], {
    env,
  });
  const left = await Array.fromAsync(Deno.readDir(dir.join("")), ({ name }) => name);
  return { ...finished, left };
}

Deno.test("the same sources give the same bundle, which contains its revision and date", async () => {
  const first = await bundle(ANY_IMPORT);
  assertEquals(await bundle(ANY_IMPORT), first);
  const text = [...first.values()].join("");
  assertMatch(text, /revision:"([0-9a-f]{40}(-modified)?|unknown)"/);
  assertStringIncludes(text, 'date:"2025-07-23T12:30:00Z"');
  assert(!text.includes(Deno.cwd()), "no path of the build machine");
});

Deno.test("nothing is bundled if git refuses to give the revision", async () => {
  // As git sees a checkout of another user.
  const config = {
    GIT_CONFIG_COUNT: "0",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_SYSTEM: "/dev/null",
  };
  const env = { GIT_TEST_ASSUME_DIFFERENT_OWNER: "1", ...config };
  const { code, stderr } = await run(["tools/bundle.sh", "main.ts", "refused.js"], { env });
  assertEquals(code, 128);
  assertStringIncludes(stderr, "dubious ownership");
});

Deno.test("plain Deno instead of denort is a failure, and leaves no executable", async () => {
  const { code, stdout, stderr, left } = await compile(Deno.execPath());
  assertEquals([code, stdout, left], [1, "", []]);
  assertMatch(stderr, / is not unix-user-exporter, version .* printed: deno /);
  assertStringIncludes(stderr, `DENORT_BIN names ${Deno.execPath()}, which is not denort\n`);
});

Deno.test("a missing denort is a failure, and leaves no executable", async () => {
  const { code, stderr, left } = await compile("/nowhere/denort");
  assertEquals([code, left], [1, []]);
  assertStringIncludes(stderr, "Could not find denort");
});

Deno.test("deno compile includes every file of the bundle", async () => {
  const files = await bundle(ANY_IMPORT);
  await using dir = await tempDir();
  const output = dir.join("executable");
  const flags = ["-q", "-P", "--no-prompt", "--no-code-cache", "--config=dist/bundle/deno.json"];
  const words = [Deno.execPath(), "compile", ...flags, "-o", output];
  // With Deno instead of denort the same files are included; only the result does not run.
  const env = { DENORT_BIN: Deno.execPath() };
  const { code, stderr } = await run([...words, "dist/bundle/unix-user-exporter.js"], { env });
  assertEquals(code, 0, stderr);
  const executable = new TextDecoder().decode(await Deno.readFile(output));
  // The health check is loaded only when it is needed.
  assert([...files.keys()].some((name) => name.startsWith("healthcheck-")));
  for (const [name, text] of files) assert(executable.includes(text), name);
});

Deno.test("the files that are loaded at the start answer scrapes without the others, and import no node: module", async () => {
  await using dir = await tempDir();
  const files = await bundle(STATIC_IMPORT);
  for (const [name, text] of files) {
    await Deno.writeTextFile(dir.join(name), text);
    assertEquals([name, text.match(/\b(from|import|require)\(?"node:\w+"/g)], [name, null]);
  }
  assert(![...files.keys()].some((name) => name.startsWith("page-")), "the page is loaded later");
  const program = [Deno.execPath(), "run", "-q", "-P", "--no-prompt", `--v8-flags=${V8_FLAGS}`];
  await using exporter = new Exporter([
    ...[...program, "--config=dist/bundle/deno.json", dir.join("unix-user-exporter.js")],
    ...[`--utmp-path=${fixture("x86_64.utmp").pathname}`, "--web.listen-address=127.0.0.1:0"],
  ]);
  await exporter.line(/reading sessions/);
  const url = `http://127.0.0.1:${exporter.port}`;
  for (const accept of ["text/plain", "application/openmetrics-text"]) {
    for (const encoding of ["identity", "gzip"]) {
      const answer = await get(`${url}/metrics`, { accept, "accept-encoding": encoding });
      assertEquals(answer.status, 200);
      assertStringIncludes(answer.body, "\nunix_users_logged_in_total 3\n");
    }
  }
  assertEquals((await get(`${url}/-/ready`)).status, 200);
  // The page needs the files that were left out.
  assertEquals((await get(`${url}/`)).status, 500);
  assertEquals((await exporter.stop()).code, 0);
});
