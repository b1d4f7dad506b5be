import { assert, assertEquals } from "../support/assert.ts";
import { programModules, programSources } from "../support/modules.ts";

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

/** The imports between modules of the program, as `FROM imports TO`, that are not allowed. */
async function forbidden(isAllowed: (from: string, to: string) => boolean): Promise<string[]> {
  return (await programModules()).flatMap(({ path, imports }) =>
    imports.filter((target) => /^lib\/|^main\.ts$/.test(target) && !isAllowed(path, target))
      .map((target) => `${path} imports ${target}`)
  );
}

/** The files whose source matches, sorted. */
async function filesWith(pattern: RegExp): Promise<readonly string[]> {
  const sources = [...await programSources()];
  return sources.filter(([, text]) => pattern.test(text)).map(([path]) => path).sort();
}

Deno.test("every folder has a layer, and every file of lib/ is a module of the program", async () => {
  const paths = (await programModules()).map(({ path }) => path);
  assertEquals(paths.filter((path) => layerOf(path) === -1), []);
  for (const folder of LAYERS.flat().filter((name) => name !== ".")) {
    for await (const { name, isFile } of Deno.readDir(folder)) {
      assert(!isFile || paths.includes(`${folder}/${name}`), `${folder}/${name} is not imported`);
    }
  }
});

Deno.test("imports point one way", async () => {
  const isAllowed = (from: string, to: string): boolean =>
    folderOf(to) === folderOf(from) || layerOf(to) < layerOf(from);
  assertEquals(await forbidden(isAllowed), []);
});

Deno.test("no module imports itself through others", async () => {
  const modules = new Map((await programModules()).map(({ path, imports }) => [path, imports]));
  const visit = (path: string, trail: readonly string[]): void => {
    assert(!trail.includes(path), `cycle: ${[...trail, path].join(" -> ")}`);
    for (const target of modules.get(path) ?? []) visit(target, [...trail, path]);
  };
  visit("main.ts", []);
});

Deno.test("other folders import lib/utmp/ only through its mod.ts", async () => {
  const isAllowed = (from: string, to: string): boolean =>
    from.startsWith("lib/utmp/") || !to.startsWith("lib/utmp/") || to === "lib/utmp/mod.ts";
  assertEquals(await forbidden(isAllowed), []);
});

for (const folder of PURE) {
  Deno.test(`${folder} imports nothing outside itself and asks the runtime for nothing`, async () => {
    const modules = (await programModules()).filter(({ path }) => path.startsWith(folder));
    assert(modules.length > 0);
    const imports = modules.flatMap((module) => module.imports);
    assertEquals(imports.filter((target) => !target.startsWith(folder)), []);
    const asking = await filesWith(/\bDeno\.|\bperformance\b|\bnew Date\(|\bDate\.now|\bfetch\(/);
    assertEquals(asking.filter((path) => path.startsWith(folder)), []);
  });
}

Deno.test("only files, sources, history, processes and web_config read files, and main.ts passes them the file system", async () => {
  const readers = await filesWith(
    /\bDeno\.(read|open|stat|lstat|real|watch)|\breadFile\(|\bnode:fs\b|\bfiles: Deno\b|\(Deno,/,
  );
  assert(readers.includes("main.ts") && readers.includes("lib/files/files.ts"));
  const allowed = /^main\.ts$|^lib\/(files|sources|history|processes|web_config)\//;
  assertEquals(readers.filter((path) => !allowed.test(path)), []);
});

for (
  const [name, importer] of [
    ["prom-client", "lib/metrics/exporter_metrics.ts"],
    ["js-yaml", "lib/web_config/yaml.ts"],
    ["asn1js", "lib/web_config/subject_alt_names.ts"],
    ["bcryptjs", "lib/web/passwords.ts"],
  ] as const
) {
  Deno.test(`only ${importer} imports ${name}`, async () => {
    const found = (await programModules()).filter(({ imports }) =>
      imports.some((specifier) => specifier.startsWith(name))
    );
    assertEquals(found.map(({ path }) => path), [importer]);
  });
}

for (
  const [what, pattern, files] of [
    [
      "read the clocks and end the program",
      /\bDate\.now\b|\bnew Date\(\)|\bperformance\.|\bDeno\.exit\b/,
      ["main.ts"],
    ],
    [
      "know the process",
      /\bDeno\.(args|env|build|version|memoryUsage|stdout|stderr)\b/,
      ["lib/build_info.ts", "main.ts"],
    ],
  ] as const
) {
  Deno.test(`only these ${what}: ${files.join(", ")}`, async () => {
    assertEquals(await filesWith(pattern), files);
  });
}
