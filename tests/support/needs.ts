import { fail } from "./assert.ts";

/** A requirement of a test that not every machine meets. */
export interface Need {
  /** As in "no promtool". */
  readonly what: string;
  readonly isMet: () => boolean;
  /** Whether no package can provide it. */
  readonly isOfMachine?: boolean;
}

/** The user that may mount, boot systems and build images. */
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

/** An installed program. */
export function program(name: string): Need {
  return { what: name, isMet: () => pathOf(name) !== null };
}

/** A file, such as the loader of programs for another processor. */
export function file(path: string, what: string = path): Need {
  return { what, isMet: () => isFile(path) };
}

/** What a command needs to end with 0. */
export function success(what: string, [name = "", ...args]: readonly string[]): Need {
  const isMet = (): boolean => {
    try {
      const options = { args, stdout: "null", stderr: "null" } as const;
      return new Deno.Command(name, options).outputSync().success;
    } catch {
      return false;
    }
  };
  return { what, isMet };
}

/** The path of a program, which may be outside of the PATH of other users than root. */
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
 * Registers a test that is skipped if a need is not met. Its name is then the line `skipped: TEST: WHY`, which the
 * runner prints; with `-q`, the output of tests is lost. If the environment variable CI is `true`, the test fails
 * instead, unless nothing could be installed for it.
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
    return Deno.test(name, () => fail(`${why}, and it has to be installed if CI is true`));
  }
  Deno.test({ name: `skipped: ${name}: ${why}`, ignore: true, fn });
}
