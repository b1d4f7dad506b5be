import manifest from "../../deno.json" with { type: "json" };
import { V8_FLAGS } from "../e2e/program.ts";
import type { TempDir } from "../e2e/temp_dir.ts";
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
 * none could be compiled a stand-in, the bundle behind a line that names Deno as its interpreter, with the
 * permissions of `deno.json` and no others. Deno finds its configuration in the root folder, from
 * `/usr/bin` upwards.
 */
export async function executable(dir: TempDir): Promise<Executable> {
  const version = (await build(["tools/version"])).trim();
  const compiled = `dist/unix-user-exporter-${version}-linux-${Deno.build.arch}`;
  if (await Deno.stat(compiled).then(() => true, () => false)) {
    return { path: await Deno.realPath(compiled), supplies: new Map(), env: {} };
  }
  await build(["tools/bundle"]);
  const path = dir.join("unix-user-exporter");
  const bundle = await Deno.readTextFile("dist/bundle/unix-user-exporter.js");
  await Deno.writeTextFile(path, `#!/deno -qP\n${bundle}`);
  await Deno.chmod(path, 0o755);
  const chunks = await Array.fromAsync(Deno.readDir("dist/bundle"));
  const supplies = chunks.filter(({ name }) => /-\d+\.js$/.test(name)).map(
    async ({ name }) => [`/usr/bin/${name}`, await Deno.realPath(`dist/bundle/${name}`)] as const,
  );
  const settings = dir.join("deno.json");
  const { permissions } = manifest;
  await Deno.writeTextFile(
    settings,
    JSON.stringify({ permissions: { default: permissions.default } }),
  );
  return {
    path,
    supplies: new Map([
      ["/deno", Deno.execPath()],
      ["/deno.json", settings],
      ...await Promise.all(supplies),
    ]),
    // A user without a home has no folder for a cache; this program needs none.
    env: { DENO_DIR: "/none", DENO_V8_FLAGS: V8_FLAGS },
  };
}
