import type { Need } from "./needs.ts";
import { debianMirror } from "./root_file_system.ts";

/** How long the mirror may take to answer, in milliseconds. */
const PATIENCE = 20_000;

/**
 * Whether the mirror has the list of packages of its release. During a sync the two can differ for hours, and apt
 * refuses the list. A mirror that does not respond is taken for consistent: the test that needs it fails.
 */
async function isConsistent(architecture: string): Promise<boolean> {
  const path = `main/binary-${architecture}/Packages.xz`;
  const mirror = await debianMirror() || "http://deb.debian.org/debian";
  const ask = (file: string, method: "GET" | "HEAD"): Promise<Response> => {
    const url = `${mirror.replace(/\/$/, "")}/dists/trixie/${file}`;
    return fetch(url, { method, signal: AbortSignal.timeout(PATIENCE) });
  };
  try {
    const release = await (await ask("InRelease", "GET")).text();
    const [, named] = new RegExp(`^ [0-9a-f]{64} +(\\d+) ${path}$`, "m").exec(release) ?? [];
    const { ok, headers } = await ask(path, "HEAD");
    const length = ok ? headers.get("content-length") : null;
    return named === undefined || length === null || named === length;
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
