import type { Need } from "./needs.ts";
import { debianMirror } from "./root_file_system.ts";

/** How long the mirror may take to answer, in milliseconds. */
const PATIENCE = 20_000;

/** The size of a file by what its server says, in bytes; null where it does not say. */
async function sizeOf(url: string): Promise<number | null> {
  const signal = AbortSignal.timeout(PATIENCE);
  const response = await fetch(url, { method: "HEAD", signal });
  const length = response.headers.get("content-length");
  return response.ok && length !== null ? Number(length) : null;
}

/**
 * Whether the mirror has the list of packages that its release names. While a mirror is brought up to date the
 * two can differ for hours, and apt refuses the list. A mirror that does not answer counts as one that is right:
 * what needs it fails and says why.
 */
async function isInOneState(architecture: string): Promise<boolean> {
  const path = `main/binary-${architecture}/Packages.xz`;
  try {
    const mirror = await debianMirror() || "http://deb.debian.org/debian";
    const folder = `${mirror.replace(/\/$/, "")}/dists/trixie`;
    const signal = AbortSignal.timeout(PATIENCE);
    const release = await (await fetch(`${folder}/InRelease`, { signal })).text();
    const sizes = [...release.matchAll(/^ [0-9a-f]{64} +(\d+) (\S+)$/gm)];
    const named = sizes.find(([, , name]) => name === path)?.[1];
    const size = await sizeOf(`${folder}/${path}`);
    return named === undefined || size === null || Number(named) === size;
  } catch {
    return true;
  }
}

/** A mirror from which packages of this architecture can be had. */
export async function mirrorOf(architecture: string): Promise<Need> {
  const isMet = await isInOneState(architecture);
  return {
    what: `mirror of Debian that is in one state for ${architecture}`,
    isOfMachine: true,
    isMet: () => isMet,
  };
}
