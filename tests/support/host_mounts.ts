import { type Need, program } from "./needs.ts";
import { run } from "./program.ts";
import { succeed } from "./succeed.ts";
import type { TempDir } from "./temp_dir.ts";

/** The right to mount, which root has outside of containers. */
export const MOUNTS: Need = {
  what: "right to mount",
  isMet: () =>
    Deno.uid() === 0 && program("unshare").isMet() &&
    new Deno.Command("unshare", { args: ["--mount", "true"], stderr: "null" }).outputSync().success,
};

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
