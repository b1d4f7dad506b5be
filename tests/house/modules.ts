/** A module of the program and what it imports: paths in the repository, or specifiers of packages. */
export interface Module {
  readonly path: string;
  readonly imports: readonly string[];
}

interface DenoInfo {
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly specifier: string;
      readonly code?: { readonly specifier?: string };
      readonly type?: { readonly specifier?: string };
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
    .map(({ specifier, dependencies = [] }) => ({
      path: specifier.slice(root.length),
      imports: dependencies.map((dependency) => {
        const target = dependency.code?.specifier ?? dependency.type?.specifier ?? "";
        return target.startsWith(root) ? target.slice(root.length) : dependency.specifier;
      }),
    }));
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
