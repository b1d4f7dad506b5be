/** The packages in the program, with their dependencies, from `deno.lock`. */

/** The programs whose imports count: for Deno, and for Node. */
const ENTRIES = ["main.ts", "node/main.ts"];

/** A package in the lock file. */
export interface Locked {
  readonly integrity: string;
  readonly dependencies?: readonly string[];
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
/** Every package in the lock file, by `name@version`. */
export const PACKAGES: ReadonlyMap<string, Locked> = new Map(Object.entries(LOCK.npm));

/** The key of a dependency. The lock file omits the version of a package that it has only once. */
function keyOf(dependency: string): string {
  if (PACKAGES.has(dependency)) return dependency;
  const key = [...PACKAGES.keys()].find((each) => each.startsWith(`${dependency}@`));
  if (key === undefined) throw new Error(`deno.lock has no ${dependency}`);
  return key;
}

/** The packages with all their dependencies, sorted. */
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

/** The packages of the program by `name@version`, sorted, each with the folder to which it was unpacked. */
export async function programPackages(): Promise<ReadonlyMap<string, string>> {
  const graphs = await Promise.all(ENTRIES.map(graphOf));
  const roots = graphs.flatMap(({ modules }) => modules.flatMap((each) => each.npmPackage ?? []));
  const folders = Object.assign({}, ...graphs.map(({ npmPackages }) => npmPackages));
  return new Map(closureOf(roots).map((key) => [key, folders[key].localPath]));
}
