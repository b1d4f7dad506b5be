import { fail } from "./assert.ts";

/** Something that a test cannot do without and that not every machine has. */
export interface Need {
  /** As in "no promtool". */
  readonly what: string;
  readonly isMet: () => boolean;
  /** Whether no package can give it to a machine. */
  readonly isOfMachine?: boolean;
}

/** The user that may start an sshd and change the accounting files of the machine. */
export const ROOT_USER: Need = { what: "root user", isMet: () => Deno.uid() === 0 };

/** An IPv6 loopback. */
export const IPV6: Need = {
  what: "IPv6",
  isOfMachine: true,
  isMet: () => {
    try {
      Deno.listen({ hostname: "::1", port: 0 }).close();
      return true;
    } catch {
      return false;
    }
  },
};

/** A program that is installed. */
export function program(name: string): Need {
  return { what: name, isMet: () => pathOf(name) !== null };
}

/** The loader that a program for another processor wants, at its place on this machine. */
export function loader(path: string): Need {
  return { what: path, isMet: () => isFile(path) };
}

/** The path of a program; sshd, which asks to be started by it, is often outside of PATH. */
export function pathOf(name: string): string | null {
  const folders = [...(Deno.env.get("PATH") ?? "").split(":"), "/usr/sbin", "/sbin"];
  return folders.map((folder) => `${folder}/${name}`).find(isFile) ?? null;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/**
 * Registers a test that is skipped where something that it needs is missing. Its name is then the line
 * `skipped: TEST: WHY`, which the runner prints; what a test prints itself is lost with `-q`. Where the
 * environment variable CI is `true` nothing is skipped that could be installed: there it fails.
 */
export function testNeeding(
  needs: readonly Need[],
  name: string,
  fn: () => Promise<void>,
): void {
  const missing = needs.filter(({ isMet }) => !isMet());
  if (missing.length === 0) return Deno.test(name, fn);
  const why = missing.map(({ what }) => `no ${what}`).join(", ");
  if (Deno.env.get("CI") === "true" && !missing.every(({ isOfMachine }) => isOfMachine)) {
    return Deno.test(name, () => fail(`${why}, and it has to be installed where CI is true`));
  }
  Deno.test({ name: `skipped: ${name}: ${why}`, ignore: true, fn });
}
