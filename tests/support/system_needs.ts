import { type Need, program, ROOT_USER } from "./needs.ts";
import { run } from "./program.ts";
import { CONTAINER } from "./booted_system.ts";
import { type Release, rootFileSystem } from "./root_file_system.ts";

/** The needs that are cheap to check. */
const NEEDS: readonly Need[] = [
  ROOT_USER,
  ...["apt-get", "debootstrap", "systemd-nspawn", "nsenter", "ssh", "ssh-keygen", "flock", "pgrep"]
    .map(program),
];

/**
 * The needs of `bootSystem`. To check whether the machine can start a container, this makes the root file system and
 * runs one program in it, in the same way as a boot.
 */
export async function systemNeeds(release: Release): Promise<readonly Need[]> {
  if (!NEEDS.every(({ isMet }) => isMet())) return NEEDS;
  const obstacle = await whyNot(release);
  if (obstacle === null) return NEEDS;
  const what = `container of Debian ${release} (${obstacle.trim().replaceAll(/\s+/g, " ")})`;
  return [{ what, isMet: () => false }];
}

async function whyNot(release: Release): Promise<string | null> {
  try {
    const root = await rootFileSystem(release);
    const folder = await Deno.makeTempDir({ prefix: `unix-user-exporter-${release}-` });
    const { code, stderr } = await run([CONTAINER, "try", root, folder]);
    return code === 0 ? null : stderr;
  } catch (error) {
    return String(error instanceof Error ? error.message : error);
  }
}
