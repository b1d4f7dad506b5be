import { type Need, program } from "./needs.ts";
import { run } from "./program.ts";
import { succeed } from "./succeed.ts";
import type { TempDir } from "./temp_dir.ts";

/** The right to mount: root has it, unless it is in a container. */
export const MOUNTS: Need = {
  what: "right to mount",
  isMet: () =>
    Deno.uid() === 0 && program("unshare").isMet() &&
    new Deno.Command("unshare", { args: ["--mount", "true"], stderr: "null" }).outputSync().success,
};

/** The machine's /proc and the terminals of its /dev, where a program without all rights may read them. */
export interface HostMounts extends AsyncDisposable {
  readonly procfs: string;
  readonly devfs: string;
}

/** Mounts both in the folder. Disposing takes them away. */
export async function hostMounts(dir: TempDir): Promise<HostMounts> {
  await using made = new AsyncDisposableStack();
  const [procfs, devfs] = [dir.join("proc"), dir.join("dev")];
  for (const [source, target] of [["/proc", procfs], ["/dev/pts", `${devfs}/pts`]] as const) {
    await Deno.mkdir(target, { recursive: true });
    // Private: what is mounted or unmounted below must not reach the machine's own folders.
    await succeed("mount", "--bind", "--make-private", source, target);
    made.defer(async () => {
      await run(["umount", target]);
    });
  }
  const mounts = made.move();
  return { procfs, devfs, [Symbol.asyncDispose]: () => mounts.disposeAsync() };
}
