import type { Need } from "./needs.ts";
import { debianMirror } from "./root_file_system.ts";

/** How long the mirror may take to answer, in milliseconds. */
const PATIENCE = 20_000;

/** The size of a file, in bytes; null if its server does not send it. */
async function sizeOf(url: string): Promise<number | null> {
  const signal = AbortSignal.timeout(PATIENCE);
  const response = await fetch(url, { method: "HEAD", signal });
  const length = response.headers.get("content-length");
  return response.ok && length !== null ? Number(length) : null;
}

/**
 * Whether the mirror has the list of packages of its release. During a sync the two can differ for hours, and apt
 * refuses the list. A mirror that does not respond is taken for consistent: the test that needs it fails.
 */
async function isConsistent(architecture: string): Promise<boolean> {
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

/** A consistent mirror with packages of this architecture. */
export async function mirrorOf(architecture: string): Promise<Need> {
  const isMet = await isConsistent(architecture);
  return {
    what: `consistent mirror of Debian for ${architecture}`,
    isOfMachine: true,
    isMet: () => isMet,
  };
}
