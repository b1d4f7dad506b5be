import type { TempDir } from "./temp_dir.ts";
import { build } from "./build.ts";

/** Makes the Debian package of an executable, fast rather than small; gives its path. */
export async function makePackage(
  dir: TempDir,
  executable: string,
  arch: string = Deno.build.arch,
): Promise<string> {
  const path = dir.join(`${arch}.deb`);
  const env = { BINARY: executable, PACKAGE: path, DEB_COMPRESSION: "-Zgzip -z1" };
  await build(["tools/deb.sh", arch], env);
  return path;
}
