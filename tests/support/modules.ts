/** A module of the program and what it imports: paths in the repository, or specifiers of packages. */
export interface Module {
  readonly path: string;
  readonly imports: readonly string[];
  /** Those that are loaded with it: no types and no dynamic imports. */
  readonly loads: readonly string[];
}

interface Dependency {
  readonly specifier: string;
  readonly code?: { readonly specifier?: string };
  readonly type?: { readonly specifier?: string };
  readonly isDynamic?: boolean;
}

/** The module graph of main.ts, as `deno info --json` gives it, with type imports. */
export async function programModules(): Promise<readonly Module[]> {
  const command = new Deno.Command(Deno.execPath(), { args: ["info", "--json", "main.ts"] });
  const { stdout, success } = await command.output();
  if (!success) throw new Error("Cannot read the module graph: deno info failed");
  const { modules }: {
    readonly modules: readonly {
      readonly specifier: string;
      readonly dependencies?: readonly Dependency[];
    }[];
  } = JSON.parse(new TextDecoder().decode(stdout));
  const root = `file://${Deno.cwd()}/`;
  const nameOf = ({ specifier, code, type }: Dependency): string => {
    const target = code?.specifier ?? type?.specifier ?? "";
    return target.startsWith(root) ? target.slice(root.length) : specifier;
  };
  return modules.filter(({ specifier }) => specifier.startsWith(root))
    .map(({ specifier, dependencies = [] }) => {
      const loaded = dependencies.filter(({ code, isDynamic }) => code && isDynamic !== true);
      const path = specifier.slice(root.length);
      return { path, imports: dependencies.map(nameOf), loads: loaded.map(nameOf) };
    });
}

/** What main.ts loads at its start, also indirectly, sorted: paths, and specifiers of packages. */
export async function loadedModules(): Promise<readonly string[]> {
  const modules = new Map((await programModules()).map(({ path, loads }) => [path, loads]));
  const found = new Set(["main.ts"]);
  // The iteration of a set includes what is added during it.
  for (const path of found) {
    for (const target of modules.get(path) ?? []) found.add(target);
  }
  return [...found].sort();
}

/** The source of each module of the program, without comments. */
export async function programSources(): Promise<ReadonlyMap<string, string>> {
  const paths = (await programModules()).map(({ path }) => path).filter((path) =>
    /\.ts$/.test(path)
  );
  const sources = paths.map(async (path) => {
    const text = await Deno.readTextFile(path);
    return [path, text.replaceAll(/\/\*[^]*?\*\/|(?<=^|\s)\/\/.*$/gm, "")] as const;
  });
  return new Map(await Promise.all(sources));
}
