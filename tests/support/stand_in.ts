import manifest from "../../deno.json" with { type: "json" };
import { build } from "./build.ts";
import { V8_FLAGS } from "./program.ts";
import { CACHE } from "./root_file_system.ts";
import type { TempDir } from "./temp_dir.ts";

/** An executable of the program, and what it needs in the root folder of a system. */
export interface Executable {
  readonly path: string;
  /** Files by their absolute path in the system. */
  readonly supplies: ReadonlyMap<string, string>;
  /** Variables that it needs. */
  readonly env: Readonly<Record<string, string>>;
}

/** The executable for this machine in `dist/`, where `make compile` writes it; without one, {@link standIn}. */
export async function executable(dir: TempDir): Promise<Executable> {
  const version = (await build(["tools/version.sh"])).trim();
  const compiled = `dist/unix-user-exporter-${version}-linux-${Deno.build.arch}`;
  const path = await Deno.realPath(compiled).catch(() => null);
  return path === null ? await standIn(dir) : { path, supplies: new Map(), env: {} };
}

/**
 * The bundle as a script for Deno, with the permissions of `deno.json`. Deno finds its configuration in the root
 * folder, from `/usr/bin` upwards, and here beside the script, which runs here too before it is packaged.
 */
export async function standIn(dir: TempDir): Promise<Executable> {
  await build(["tools/bundle.sh"]);
  const path = dir.join("unix-user-exporter");
  const bundle = await Deno.readTextFile("dist/bundle/unix-user-exporter.js");
  const interpreter = await linkToDeno(dir);
  await Deno.writeTextFile(path, `#!${interpreter} -qP\n${bundle}`);
  await Deno.chmod(path, 0o755);
  const chunks = (await Array.fromAsync(Deno.readDir("dist/bundle"))).map(({ name }) => name)
    .filter((name) => /-\d+\.js$/.test(name));
  for (const name of chunks) await Deno.copyFile(`dist/bundle/${name}`, dir.join(name));
  const settings = { permissions: { default: manifest.permissions.default } };
  await Deno.writeTextFile(dir.join("deno.json"), JSON.stringify(settings));
  return {
    path,
    supplies: new Map([
      [interpreter, Deno.execPath()],
      ["/deno.json", dir.join("deno.json")],
      ...chunks.map((name) => [`/usr/bin/${name}`, dir.join(name)] as const),
    ]),
    // A user without a home has no folder for a cache; this program needs none.
    env: { DENO_DIR: "/none", DENO_V8_FLAGS: V8_FLAGS },
  };
}

/**
 * A link to Deno with the same path here and in a booted system, which has its own /tmp and homes: only root can
 * make it, and only root boots a system.
 */
async function linkToDeno(dir: TempDir): Promise<string> {
  const isRoot = Deno.uid() === 0;
  const path = isRoot ? `${CACHE}/deno` : dir.join("deno");
  if (isRoot) await Deno.mkdir(CACHE, { recursive: true });
  // Another run may be using it.
  await Deno.remove(`${path}.new`).catch(() => {});
  await Deno.symlink(Deno.execPath(), `${path}.new`);
  await Deno.rename(`${path}.new`, path);
  return path;
}
