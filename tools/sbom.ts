/**
 * Prints the contents of a release as CycloneDX: each executable, its runtime, and the packages that the program
 * imports, from `deno.lock`, with their dependencies. With the architecture of an executable as argument, the
 * contents of that executable. The images have their own list of their libraries.
 */
import manifest from "../deno.json" with { type: "json" };
import { dependenciesOf, ENTRIES, PACKAGES, programPackages } from "./program_packages.ts";

interface Component {
  readonly "bom-ref": string;
  readonly type: "application" | "library" | "platform";
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  /** By which scanners find the faults of what is no package. */
  readonly cpe?: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses: readonly (
    { readonly license: { readonly id: string } } | { readonly expression: string }
  )[];
}

type Runtime = "deno" | "node";

/** The executables of a release. */
const EXECUTABLES: readonly { readonly arch: string; readonly runtime: Runtime }[] = [
  { arch: "x86_64", runtime: "deno" },
  { arch: "aarch64", runtime: "deno" },
  { arch: "armv7", runtime: "node" },
];

const REPOSITORIES = { deno: "denoland/deno", node: "nodejs/node" } as const;
const CPES = { deno: "deno:deno", node: "nodejs:node.js" } as const;
const ENTRY = { deno: ENTRIES[0], node: ENTRIES[1] } as const;
const MIT = [{ license: { id: "MIT" } }];

/** The version of Node in the executable for armv7. */
async function nodeVersion(): Promise<string> {
  const args = ["version"];
  const { success, stdout } = await new Deno.Command("tools/node-armv7.sh", { args }).output();
  if (!success) throw new Error("Cannot tell the version of Node");
  return new TextDecoder().decode(stdout).trim();
}

function application(name: string): Component {
  const { version } = manifest;
  const purl = `pkg:generic/${name}@${version}`;
  return { "bom-ref": purl, type: "application", name, version, purl, licenses: MIT };
}

async function platform(name: Runtime): Promise<Component> {
  const version = name === "deno" ? Deno.version.deno : await nodeVersion();
  const purl = `pkg:github/${REPOSITORIES[name]}@v${version}`;
  const cpe = `cpe:2.3:a:${CPES[name]}:${version}:*:*:*:*:*:*:*`;
  return { "bom-ref": purl, type: "platform", name, version, purl, cpe, licenses: MIT };
}

/** The package URL of `name@version`. */
function purlOf(key: string): string {
  return `pkg:npm/${key.replace(/^@/, "%40")}`;
}

/** The checksum in `integrity`, as hexadecimal digits for CycloneDX. */
function hashOf(integrity: string): string {
  const bytes = Uint8Array.fromBase64(integrity.replace(/^sha512-/, ""));
  return bytes.toHex();
}

async function library(key: string, folder: string): Promise<Component> {
  const at = key.lastIndexOf("@");
  const { license } = JSON.parse(await Deno.readTextFile(`${folder}/package.json`));
  if (typeof license !== "string") throw new Error(`${folder} names no licence`);
  return {
    "bom-ref": purlOf(key),
    type: "library",
    name: key.slice(0, at),
    version: key.slice(at + 1),
    purl: purlOf(key),
    hashes: [{ alg: "SHA-512", content: hashOf(PACKAGES.get(key)?.integrity ?? "") }],
    licenses: /[ (]/.test(license) ? [{ expression: license }] : [{ license: { id: license } }],
  };
}

/** The list, dated with seconds since the epoch, of a release or of one of its executables. */
async function list(seconds: number, arch: string | undefined): Promise<unknown> {
  const executables = EXECUTABLES.filter((each) => arch === undefined || each.arch === arch);
  if (executables.length === 0) throw new Error(`There is no executable for ${arch}`);
  const names = [...new Set(executables.map(({ runtime }) => runtime))];
  const { folders } = await programPackages(names.map((name) => ENTRY[name]));
  const runtimes = await Promise.all(names.map(platform));
  const libraries = [...folders].map(([key, folder]) => library(key, folder));
  const programs = executables.map((each) => application(`unix-user-exporter-linux-${each.arch}`));

  /** What depends on what, by `bom-ref`. */
  const graph = new Map(runtimes.map(({ purl }): [string, readonly string[]] => [purl, []]));
  for (const key of folders.keys()) graph.set(purlOf(key), dependenciesOf(key).map(purlOf));
  for (const [i, { runtime }] of executables.entries()) {
    const { imported } = await programPackages([ENTRY[runtime]]);
    const purl = runtimes.find(({ name }) => name === runtime)?.purl ?? "";
    graph.set(programs[i]?.purl ?? "", [purl, ...imported.map(purlOf)]);
  }
  const release = application("unix-user-exporter");
  graph.set(release.purl, programs.map(({ purl }) => purl));
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { timestamp: new Date(seconds * 1000).toISOString(), component: release },
    components: [...programs, ...runtimes, ...await Promise.all(libraries)],
    dependencies: [...graph].map(([ref, dependsOn]) => ({ ref, dependsOn })),
  };
}

const [arch] = Deno.args;
const text = JSON.stringify(
  await list(Number(Deno.env.get("SOURCE_DATE_EPOCH")), arch),
  null,
  2,
);
await Deno.stdout.write(new TextEncoder().encode(`${text}\n`));
