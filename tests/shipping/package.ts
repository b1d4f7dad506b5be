import { command } from "../e2e/program.ts";
import type { TempDir } from "../e2e/temp_dir.ts";
import { assert } from "../assert.ts";

/** Makes the Debian package of an executable, without compressing it; gives its path. */
export async function makePackage(dir: TempDir, executable: string): Promise<string> {
  const path = dir.join("unix-user-exporter.deb");
  const env = { BINARY: executable, PACKAGE: path, DEB_COMPRESSION: "none" };
  const { success, stderr } = await command(["tools/deb", "x86_64"], { env }).output();
  assert(success, new TextDecoder().decode(stderr));
  return path;
}
