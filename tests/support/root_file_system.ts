import { command } from "./program.ts";
import { succeed } from "./succeed.ts";

/** A release of Debian: bookworm (12) keeps utmp and logind's files, trixie (13) only those of logind. */
export type Release = "bookworm" | "trixie";

/** Outside of the repository, for it is worth half a minute and 260 MB for each release. */
export const CACHE = "/var/cache/unix-user-exporter-tests";

/** On top of the smallest Debian. */
const PACKAGES = "systemd,systemd-sysv,dbus,libpam-systemd,openssh-server,procps";

/** What one of them needs beside these: Debian 12 has a tmux that writes to utmp, Debian 13 installs an RPM. */
const EXTRA: Readonly<Record<Release, readonly string[]>> = { bookworm: ["tmux"], trixie: ["rpm"] };

/** How long debootstrap may take, in milliseconds. */
const PATIENCE = 1_200_000;

/** Builds under another name, which a run that was killed may have left behind, and renames. */
const BUILD = `set -e
folder=$1 packages=$2 release=$3 mirror=$4
[ ! -d "$folder" ] || exit 0
rm -rf "$folder.partial"
debootstrap --variant=minbase --include="$packages" "$release" "$folder.partial" $mirror
mv "$folder.partial" "$folder"`;

/**
 * The folder with the root file system of a release, as debootstrap makes it when there is none yet. It is
 * for every run from then on, so nobody may write to it. Two runs at a time wait for each other.
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

/** Where this machine gets its own Debian packages; empty, so debootstrap's own choice, on another system. */
export async function debianMirror(): Promise<string> {
  const filters = ["Created-By: Packages", "Label: Debian"];
  const format = "$(COMPONENT) $(REPO_URI)";
  const targets = await succeed("apt-get", "indextargets", "--format", format, ...filters);
  return /^main (\S+)$/m.exec(targets)?.[1] ?? "";
}
