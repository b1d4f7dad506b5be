import { assert, assertEquals } from "../assert.ts";
import { type Module, programModules, programSources } from "./modules.ts";

/**
 * The rooms of the house, from what is imported to what imports. A module may import from its own room
 * and from those before it. Every file of lib/ has a room; a new one is a decision.
 */
const ROOMS: readonly (readonly string[])[] = [
  ["lib/utmp/", "lib/logind/", "lib/procfs/"],
  ["deno.json", "lib/declarations/", "lib/origin.json"],
  [
    "lib/boot_time.ts",
    "lib/origin.ts",
    "lib/session.ts",
    "lib/session_of_logind.ts",
    "lib/session_of_record.ts",
  ],
  [
    "lib/arguments.ts",
    "lib/build.ts",
    "lib/catalog.ts",
    "lib/clock.ts",
    "lib/config.ts",
    "lib/dropped_labels.ts",
    "lib/duration.ts",
    "lib/family.ts",
    "lib/fingerprint.ts",
    "lib/first_signal.ts",
    "lib/gzip.ts",
    "lib/web/listen_address.ts",
    "lib/pause.ts",
    "lib/local_minute.ts",
    "lib/log.ts",
    "lib/options.ts",
    "lib/output.ts",
    "lib/time_zone.ts",
    "lib/timely.ts",
    "lib/timely_mount.ts",
    "lib/turns.ts",
    "lib/user_filter.ts",
  ],
  ["lib/snapshot.ts", "lib/union.ts"],
  ["lib/web_config/"],
  [
    "lib/exposition.ts",
    "lib/freshness.ts",
    "lib/record_log.ts",
    "lib/session_series.ts",
    "lib/source.ts",
    "lib/source_devfs.ts",
    "lib/source_dump.ts",
    "lib/source_file.ts",
    "lib/source_logind.ts",
    "lib/source_logind_state.ts",
    "lib/source_process.ts",
    "lib/source_procfs.ts",
    "lib/source_report.ts",
    "lib/source_session_files.ts",
    "lib/source_socket.ts",
    "lib/source_terminals.ts",
    "lib/source_timely.ts",
    "lib/source_tls.ts",
    "lib/source_union.ts",
    "lib/source_utmp.ts",
    "lib/source_web_config.ts",
    "lib/telemetry.ts",
    "lib/text_format.ts",
  ],
  ["lib/observer.ts", "lib/observer_of.ts"],
  ["lib/kept_text.ts", "lib/scraper.ts"],
  ["lib/web/"],
  ["main.ts"],
];

/** Folders that import nothing outside themselves and ask the runtime for nothing. */
const PURE = ["lib/utmp/", "lib/logind/", "lib/procfs/"];

function roomOf(path: string): number {
  return ROOMS.findIndex((room) =>
    room.some((name) => name.endsWith("/") ? path.startsWith(name) : path === name)
  );
}

function isLocal(specifier: string): boolean {
  return specifier.startsWith("lib/") || specifier === "main.ts" || specifier === "deno.json";
}

/** The files whose source matches, sorted. */
async function filesWith(pattern: RegExp): Promise<readonly string[]> {
  const sources = await programSources();
  return [...sources].filter(([, text]) => pattern.test(text)).map(([path]) => path).sort();
}

/** The files that import a package whose specifier begins so, sorted. */
function importersOf(modules: readonly Module[], start: string): readonly string[] {
  return modules.filter(({ imports }) => imports.some((specifier) => specifier.startsWith(start)))
    .map(({ path }) => path).sort();
}

Deno.test("every module has a room, and every file of lib/ is a module of the program", async () => {
  const modules = await programModules();
  assertEquals(modules.filter(({ path }) => roomOf(path) === -1), []);
  const files: string[] = [];
  for (
    const folder of [
      "lib",
      "lib/declarations",
      "lib/web",
      "lib/web_config",
      ...PURE.map((name) => name.slice(0, -1)),
    ]
  ) {
    for await (const { name, isFile } of Deno.readDir(folder)) {
      if (isFile) files.push(`${folder}/${name}`);
    }
  }
  const known = new Set(modules.map(({ path }) => path));
  assertEquals(files.filter((file) => !known.has(file)), []);
});

Deno.test("imports point one way", async () => {
  const back = (await programModules()).flatMap(({ path, imports }) =>
    imports.filter((target) => isLocal(target) && roomOf(target) > roomOf(path))
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

Deno.test("only sources read files, and main.ts hands them the file system", async () => {
  const reading =
    /\bDeno\.(read|open|stat|lstat|real|watch)|\breadFile\(|\bnode:fs\b|\bfiles: Deno\b|\(Deno,/;
  const allowed = (path: string): boolean =>
    path === "main.ts" || /^lib\/source\w*\.ts$/.test(path);
  const readers = await filesWith(reading);
  assert(readers.includes("main.ts") && readers.includes("lib/source_file.ts"));
  assertEquals(readers.filter((path) => !allowed(path)), []);
});

Deno.test("only the telemetry knows prom-client", async () => {
  assertEquals(importersOf(await programModules(), "prom-client"), [
    "lib/telemetry.ts",
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

Deno.test("only main.ts and lib/build.ts know the process", async () => {
  assertEquals(await filesWith(/\bDeno\.(args|env|build|version|memoryUsage|stdout|stderr)\b/), [
    "lib/build.ts",
    "main.ts",
  ]);
});
