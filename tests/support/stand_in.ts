import manifest from "../../deno.json" with { type: "json" };
import { V8_FLAGS } from "./program.ts";
import type { TempDir } from "./temp_dir.ts";
import { CACHE } from "./root_file_system.ts";
import { build } from "./build.ts";

/** An executable that is the program, and what has to be in the root folder of a system for it to run. */
export interface Executable {
  readonly path: string;
  /** Files by the absolute path that they need in the system. */
  readonly supplies: ReadonlyMap<string, string>;
  /** Variables that it needs besides. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The program as one executable for this machine: the one in `dist/`, which `make compile` puts there. Where
 * none could be compiled, {@link standIn}.
 */
export async function executable(dir: TempDir): Promise<Executable> {
  const version = (await build(["tools/version.sh"])).trim();
  const compiled = `dist/unix-user-exporter-${version}-linux-${Deno.build.arch}`;
  if (await Deno.stat(compiled).then(() => true, () => false)) {
    return { path: await Deno.realPath(compiled), supplies: new Map(), env: {} };
  }
  return await standIn(dir);
}

/**
 * The bundle behind a line that names Deno as its interpreter, with the permissions of `deno.json` and no others.
 * Deno finds its configuration in the root folder, from `/usr/bin` upwards, and here beside the stand-in, which
 * is run here too before it is packaged.
 */
export async function standIn(dir: TempDir): Promise<Executable> {
  await build(["tools/bundle.sh"]);
  const path = dir.join("unix-user-exporter");
  const bundle = await Deno.readTextFile("dist/bundle/unix-user-exporter.js");
  const interpreter = await placeOfDeno(dir);
  await Deno.writeTextFile(path, `#!${interpreter} -qP\n${bundle}`);
  await Deno.chmod(path, 0o755);
  const chunks = (await Array.fromAsync(Deno.readDir("dist/bundle"))).map(({ name }) => name)
    .filter((name) => /-\d+\.js$/.test(name));
  // Beside the program, which is run here too before it is packaged.
  for (const name of chunks) await Deno.copyFile(`dist/bundle/${name}`, dir.join(name));
  const settings = dir.join("deno.json");
  const { permissions } = manifest;
  await Deno.writeTextFile(
    settings,
    JSON.stringify({ permissions: { default: permissions.default } }),
  );
  return {
    path,
    supplies: new Map([
      [interpreter, Deno.execPath()],
      ["/deno.json", settings],
      ...chunks.map((name) => [`/usr/bin/${name}`, dir.join(name)] as const),
    ]),
    // A user without a home has no folder for a cache; this program needs none.
    env: { DENO_DIR: "/none", DENO_V8_FLAGS: V8_FLAGS },
  };
}

/**
 * Where Deno is found both here and in a system that is booted, which has a /tmp and homes of its own: only root
 * can make such a place, and only root boots a system.
 */
async function placeOfDeno(dir: TempDir): Promise<string> {
  const isRoot = Deno.uid() === 0;
  const path = isRoot ? `${CACHE}/deno` : dir.join("deno");
  if (isRoot) await Deno.mkdir(CACHE, { recursive: true });
  // Another run may be using it.
  await Deno.remove(`${path}.new`).catch(() => {});
  await Deno.symlink(Deno.execPath(), `${path}.new`);
  await Deno.rename(`${path}.new`, path);
  return path;
}
