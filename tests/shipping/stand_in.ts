import { succeed } from "../e2e/sshd.ts";
import type { TempDir } from "../e2e/temp_dir.ts";

/** An executable that is the program, and what has to be in the root folder of a system for it to run. */
export interface Executable {
  readonly path: string;
  /** Files by the absolute path that they need in the system. */
  readonly supplies: ReadonlyMap<string, string>;
  /** Variables that it needs besides. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The program as one executable: the one that the environment variable EXPORTER names. Without it a
 * stand-in, the bundle behind a line that names Deno as its interpreter, with the permissions of
 * `deno.json` and no others. Deno finds its configuration in the root folder, from `/usr/bin` upwards.
 */
export async function executable(dir: TempDir): Promise<Executable> {
  const given = Deno.env.get("EXPORTER") ?? "";
  if (given !== "") return { path: await Deno.realPath(given), supplies: new Map(), env: {} };
  const bundle = dir.join("bundle.js");
  await succeed("tools/deno", "bundle", "-q", "--minify", "-o", bundle, "main.ts");
  const path = dir.join("unix-user-exporter");
  await Deno.writeTextFile(path, `#!/deno -qP\n${await Deno.readTextFile(bundle)}`);
  await Deno.chmod(path, 0o755);
  const { permissions: { default: granted } } = JSON.parse(await Deno.readTextFile("deno.json"));
  const manifest = dir.join("deno.json");
  await Deno.writeTextFile(manifest, JSON.stringify({ permissions: { default: granted } }));
  return {
    path,
    supplies: new Map([["/deno", Deno.execPath()], ["/deno.json", manifest]]),
    // A user without a home has no folder for a cache; this program needs none.
    env: { DENO_DIR: "/none" },
  };
}
