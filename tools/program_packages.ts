/** The packages in the program, with their dependencies, from `deno.lock`. */

/** The modules that the executables start with: those of Deno, and that of Node. */
export const ENTRIES = ["main.ts", "node/main.ts"] as const;

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

/** What a package depends on, sorted; packages by `name@version`. */
export function dependenciesOf(key: string): readonly string[] {
  return (PACKAGES.get(key)?.dependencies ?? []).map(keyOf).sort();
}

/** What a program imports, and everything that its packages depend on. */
export interface ProgramPackages {
  /** The packages that the program itself imports, by `name@version`, sorted. */
  readonly imported: readonly string[];
  /** The folder of each package that is in the program, in the order of their names. */
  readonly folders: ReadonlyMap<string, string>;
}

/** The packages of the programs that start with these modules; without any, of all programs. */
export async function programPackages(
  entries: readonly (typeof ENTRIES)[number][] = ENTRIES,
): Promise<ProgramPackages> {
  const graphs = await Promise.all(entries.map(graphOf));
  const roots = graphs.flatMap(({ modules }) => modules.flatMap((each) => each.npmPackage ?? []));
  const imported = new Set(roots.map(keyOf));
  const folders = Object.assign({}, ...graphs.map(({ npmPackages }) => npmPackages));
  const found = new Set<string>(imported);
  // A set goes on with what is added to it on the way.
  for (const key of found) for (const dependency of dependenciesOf(key)) found.add(dependency);
  return {
    imported: [...imported].sort(),
    folders: new Map([...found].sort().map((key) => [key, folders[key].localPath])),
  };
}
