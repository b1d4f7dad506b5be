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

/** The machine's /proc and terminals, at paths that Deno's permissions allow. */
export interface HostMounts extends AsyncDisposable {
  readonly procfs: string;
  readonly devfs: string;
}

/** Mounts both in the folder. Disposing unmounts them. */
export async function hostMounts(dir: TempDir): Promise<HostMounts> {
  await using made = new AsyncDisposableStack();
  const [procfs, devfs] = [dir.join("proc"), dir.join("dev")];
  for (const [source, target] of [["/proc", procfs], ["/dev/pts", `${devfs}/pts`]] as const) {
    await Deno.mkdir(target, { recursive: true });
    // Private: mounts below must not appear in the machine's own folders.
    await succeed("mount", "--bind", "--make-private", source, target);
    made.defer(async () => {
      await run(["umount", target]);
    });
  }
  const mounts = made.move();
  return { procfs, devfs, [Symbol.asyncDispose]: () => mounts.disposeAsync() };
}
