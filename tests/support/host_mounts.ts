import { success } from "./needs.ts";
import { run } from "./program.ts";
import { succeed } from "./succeed.ts";
import type { TempDir } from "./temp_dir.ts";

/** The right to mount, which root has outside of containers. */
export const MOUNTS = success("right to mount", ["unshare", "--mount", "true"]);

/** The machine's /proc at a path that Deno's permissions allow. Disposing unmounts it. */
export async function mountedProcfs(
  dir: TempDir,
): Promise<AsyncDisposable & { readonly path: string }> {
  const path = dir.join("proc");
  await Deno.mkdir(path);
  // Private: mounts below must not appear in the machine's own folders.
  await succeed("mount", "--bind", "--make-private", "/proc", path);
  return { path, [Symbol.asyncDispose]: async () => void await run(["umount", path]) };
}
