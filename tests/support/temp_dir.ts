/** A folder for one test. Disposing it removes it with all that is in it. */
export interface TempDir extends AsyncDisposable {
  /** The path of a name in the folder. */
  readonly join: (name: string) => string;
}

/** Makes a new, empty folder. */
export async function tempDir(): Promise<TempDir> {
  const path = await Deno.makeTempDir({ prefix: "unix-user-exporter-" });
  return {
    join: (name) => `${path}/${name}`,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** A file of the fixtures. */
export function fixture(name: string): URL {
  return new URL(`../fixtures/${name}`, import.meta.url);
}
