/** A module of the program and what it imports: paths in the repository, or specifiers of packages. */
export interface Module {
  readonly path: string;
  readonly imports: readonly string[];
  /** Those that are loaded with it: neither types nor what is imported when it is needed. */
  readonly loads: readonly string[];
}

interface DenoInfo {
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly specifier: string;
      readonly code?: { readonly specifier?: string };
      readonly type?: { readonly specifier?: string };
      readonly isDynamic?: boolean;
    }[];
  }[];
}

/** The module graph of main.ts, as `deno info --json` gives it, type imports included. */
export async function programModules(): Promise<readonly Module[]> {
  const command = new Deno.Command(Deno.execPath(), { args: ["info", "--json", "main.ts"] });
  const { stdout, success } = await command.output();
  if (!success) throw new Error("Cannot read the module graph: deno info failed");
  const info: DenoInfo = JSON.parse(new TextDecoder().decode(stdout));
  const root = `file://${Deno.cwd()}/`;
  return info.modules
    .filter(({ specifier }) => specifier.startsWith(root))
    .map(({ specifier, dependencies = [] }) => {
      const nameOf = ({ specifier, code, type }: typeof dependencies[number]): string => {
        const target = code?.specifier ?? type?.specifier ?? "";
        return target.startsWith(root) ? target.slice(root.length) : specifier;
      };
      const loaded = dependencies.filter(({ code, isDynamic }) => code && isDynamic !== true);
      return {
        path: specifier.slice(root.length),
        imports: dependencies.map(nameOf),
        loads: loaded.map(nameOf),
      };
    });
}

/** What main.ts loads at its start, by way of others too, sorted: paths, and specifiers of packages. */
export async function loadedModules(): Promise<readonly string[]> {
  const modules = new Map((await programModules()).map(({ path, loads }) => [path, loads]));
  const found = new Set(["main.ts"]);
  // A set goes on with what is added to it on the way.
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
