import { command } from "./program.ts";
import { succeed } from "./succeed.ts";

/** A release of Debian: bookworm (12) keeps utmp and logind's files, trixie (13) only those of logind. */
export type Release = "bookworm" | "trixie";

/** Outside of the repository: each release takes half a minute and 260 MB. */
export const CACHE = "/var/cache/unix-user-exporter-tests";

/** Packages that a minimal Debian does not have. */
const PACKAGES = "systemd,systemd-sysv,dbus,libpam-systemd,openssh-server,procps";

/** More packages of a release: the tmux of Debian 12 writes to utmp. Debian 13 has the successors of wtmp and an RPM. */
const EXTRA: Readonly<Record<Release, readonly string[]>> = {
  bookworm: ["tmux"],
  trixie: ["rpm", "wtmpdb", "libpam-wtmpdb", "lastlog2", "libpam-lastlog2"],
};

/** How long debootstrap may take, in milliseconds. */
const PATIENCE = 1_200_000;

/** Builds under another name, which a killed run may have left, and renames. */
const BUILD = `set -e
folder=$1 packages=$2 release=$3 mirror=$4
[ ! -d "$folder" ] || exit 0
rm -rf "$folder.partial"
debootstrap --variant=minbase --include="$packages" "$release" "$folder.partial" $mirror
mv "$folder.partial" "$folder"`;

/**
 * The folder with the root file system of a release. If it does not exist, debootstrap makes it. All later runs use
 * it, so it must not be changed. Runs at the same time wait for each other.
 */
export async function rootFileSystem(release: Release): Promise<string> {
  const folder = `${CACHE}/${[release, ...EXTRA[release]].join("+")}`;
  if (await Deno.stat(folder).then(() => true, () => false)) return folder;
  await Deno.mkdir(CACHE, { recursive: true });
  const packages = [PACKAGES, ...EXTRA[release]].join();
  const build = ["sh", "-c", BUILD, "sh", folder, packages, release, await debianMirror()];
  const signal = AbortSignal.timeout(PATIENCE);
  const { success, stdout, stderr } = await command(["flock", `${folder}.lock`, ...build], {
    signal,
  }).output();
  if (success) return folder;
  const lines = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes).trim()).join("\n");
  const last = lines.trim().split("\n").at(-1);
  throw new Error(`${last}; see ${folder}.partial/debootstrap/debootstrap.log`);
}

/** The mirror of this machine; empty on another system, for the default of debootstrap. */
export async function debianMirror(): Promise<string> {
  const filters = ["Created-By: Packages", "Label: Debian"];
  const format = "$(COMPONENT) $(REPO_URI)";
  const targets = await succeed("apt-get", "indextargets", "--format", format, ...filters);
  return /^main (\S+)$/m.exec(targets)?.[1] ?? "";
}
