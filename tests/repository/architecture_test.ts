import { assert, assertEquals } from "../support/assert.ts";
import { type Module, programModules, programSources } from "../support/modules.ts";

/**
 * The folders of the program, from what is imported to what imports. A module may import from its own folder
 * and from those above; folders in one line do not import each other. `lib` is the files beside the folders.
 */
const LAYERS: readonly (readonly string[])[] = [
  ["lib/utmp", "lib/logind", "lib/procfs"],
  ["lib", "lib/declarations"],
  ["lib/sessions"],
  ["lib/files", "lib/metrics", "lib/cli"],
  ["lib/sources", "lib/history", "lib/processes", "lib/web_config"],
  ["lib/collector"],
  ["lib/web"],
  ["."],
];

/** Folders that import nothing outside themselves and ask the runtime for nothing. */
const PURE = ["lib/utmp/", "lib/logind/", "lib/procfs/"];

function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : ".";
}

function layerOf(path: string): number {
  return LAYERS.findIndex((folders) => folders.includes(folderOf(path)));
}

function isLocal(specifier: string): boolean {
  return specifier.startsWith("lib/") || specifier === "main.ts";
}

/** Whether a module may import another by the order of {@link LAYERS}. */
function mayImport(path: string, target: string): boolean {
  return folderOf(target) === folderOf(path) || layerOf(target) < layerOf(path);
}

/** The files whose source matches outside of docstrings, sorted. */
async function filesWith(pattern: RegExp): Promise<readonly string[]> {
  const sources = await programSources();
  return [...sources]
    .filter(([, text]) => pattern.test(text.replace(/\/\*\*[\s\S]*?\*\//g, "")))
    .map(([path]) => path).sort();
}

/** The files that import a package whose specifier begins so, sorted. */
function importersOf(modules: readonly Module[], start: string): readonly string[] {
  return modules.filter(({ imports }) => imports.some((specifier) => specifier.startsWith(start)))
    .map(({ path }) => path).sort();
}

Deno.test("every folder has a layer, and every file of lib/ is a module of the program", async () => {
  const modules = (await programModules()).filter(({ path }) => path !== "deno.json");
  assertEquals(modules.filter(({ path }) => layerOf(path) === -1), []);
  const files: string[] = [];
  for (const folder of LAYERS.flat().filter((name) => name !== ".")) {
    for await (const { name, isFile } of Deno.readDir(folder)) {
      if (isFile) files.push(`${folder}/${name}`);
    }
  }
  const known = new Set(modules.map(({ path }) => path));
  assertEquals(files.filter((file) => !known.has(file)), []);
});

Deno.test("imports point one way", async () => {
  const back = (await programModules()).flatMap(({ path, imports }) =>
    imports.filter((target) => isLocal(target) && !mayImport(path, target))
      .map((target) => `${path} imports ${target}`)
  );
  assertEquals(back, []);
});

Deno.test("no module imports itself by way of others", async () => {
  const modules = new Map((await programModules()).map(({ path, imports }) => [path, imports]));
  const visit = (path: string, trail: readonly string[]): void => {
    assert(!trail.includes(path), `cycle: ${[...trail, path].join(" -> ")}`);
    for (const target of modules.get(path) ?? []) visit(target, [...trail, path]);
  };
  visit("main.ts", []);
});

Deno.test("other folders import lib/utmp/ by its mod.ts only", async () => {
  const direct = (await programModules()).filter(({ path }) => !path.startsWith("lib/utmp/"))
    .flatMap(({ path, imports }) =>
      imports.filter((target) => target.startsWith("lib/utmp/") && target !== "lib/utmp/mod.ts")
        .map((target) => `${path} imports ${target}`)
    );
  assertEquals(direct, []);
});

for (const folder of PURE) {
  Deno.test(`${folder} imports nothing outside itself and asks the runtime for nothing`, async () => {
    const modules = (await programModules()).filter(({ path }) => path.startsWith(folder));
    assert(modules.length > 0);
    const outside = modules.flatMap(({ imports }) =>
      imports.filter((target) => !target.startsWith(folder))
    );
    assertEquals(outside, []);
    const asking = await filesWith(/\bDeno\.|\bperformance\b|\bnew Date\(|\bDate\.now|\bfetch\(/);
    assertEquals(asking.filter((path) => path.startsWith(folder)), []);
  });
}

Deno.test("only files, sources, history, processes and web_config read files, and main.ts hands them the file system", async () => {
  const reading =
    /\bDeno\.(read|open|stat|lstat|real|watch)|\breadFile\(|\bnode:fs\b|\bfiles: Deno\b|\(Deno,/;
  const allowed = (path: string): boolean =>
    path === "main.ts" || /^lib\/(files|sources|history|processes|web_config)\//.test(path);
  const readers = await filesWith(reading);
  assert(readers.includes("main.ts") && readers.includes("lib/files/files.ts"));
  assertEquals(readers.filter((path) => !allowed(path)), []);
});

Deno.test("only the exporter metrics know prom-client", async () => {
  assertEquals(importersOf(await programModules(), "prom-client"), [
    "lib/metrics/exporter_metrics.ts",
  ]);
});

Deno.test("what is dear to load is loaded for one purpose each", async () => {
  const modules = await programModules();
  assertEquals(importersOf(modules, "js-yaml"), ["lib/web_config/yaml.ts"]);
  assertEquals(importersOf(modules, "asn1js"), ["lib/web_config/subject_alt_names.ts"]);
  assertEquals(importersOf(modules, "bcryptjs"), ["lib/web/passwords.ts"]);
});

Deno.test("only main.ts reads the clocks and ends the program", async () => {
  assertEquals(await filesWith(/\bDate\.now\b|\bnew Date\(\)|\bperformance\.|\bDeno\.exit\b/), [
    "main.ts",
  ]);
});

Deno.test("only main.ts and lib/build_info.ts know the process", async () => {
  assertEquals(await filesWith(/\bDeno\.(args|env|build|version|memoryUsage|stdout|stderr)\b/), [
    "lib/build_info.ts",
    "main.ts",
  ]);
});
