import { assert, assertEquals } from "../support/assert.ts";
import { succeed } from "../support/succeed.ts";

/** What the program may do, wherever it runs: read files, listen, read its own variables and two of systemd. */
const PERMISSIONS = {
  read: true,
  net: true,
  env: ["UUE_*", "TZ", "LISTEN_PID", "LISTEN_FDS", "DENO_SERVE_ADDRESS"],
};

interface Manifest {
  readonly permissions: Readonly<Record<string, unknown>>;
  readonly tasks: Readonly<Record<string, string>>;
  readonly imports: Readonly<Record<string, string>>;
}

const MANIFEST: Manifest = JSON.parse(await Deno.readTextFile("deno.json"));

/** `file: line` for each line of a text file under version control that matches, except in this file. */
async function linesWith(pattern: RegExp): Promise<readonly string[]> {
  const list = await succeed("git", "ls-files", "--cached", "--others", "--exclude-standard");
  const paths = list.trim().split("\n").filter((path) =>
    !/\.(utmp|png)$|^tests\/repository\/repository_test\.ts$/.test(path)
  );
  assert(paths.includes("README.md"), "git lists the files");
  const found = await Promise.all(paths.map(async (path) => {
    const lines = (await Deno.readTextFile(path)).split("\n");
    return lines.map((line) => `${path}: ${line}`).filter((line) => pattern.test(line));
  }));
  return found.flat();
}

Deno.test("the program has the permissions that were decided, and no task gives it others", () => {
  const { permissions, tasks } = MANIFEST;
  assertEquals(permissions["default"], PERMISSIONS);
  for (const name of ["start", "test:unit"]) {
    const flags = tasks[name]?.match(/(?<= )(-P|-A|--allow|--permission)\S*/g);
    assertEquals(flags, ["-P"], name);
  }
});

Deno.test("every package is pinned to an exact version", () => {
  const loose = Object.values(MANIFEST.imports).filter((target) =>
    !/^npm:(@[\w-]+\/)?[\w-]+@\d+\.\d+\.\d+(-[\w.]+)?(\/[\w./-]+)?$/.test(target)
  );
  assertEquals(loose, []);
});

for (
  const [what, pattern] of [
    ["asks for permissions on a command line", /deno .*(--allow-|\s-A\b)/],
    [
      "switches off a type",
      /\.ts: .*(:\s*any\b|\bas any\b|@ts-ignore|@ts-nocheck|@ts-expect-error|deno-lint-ignore)/,
    ],
    ["points outside the repository", /\.\.\/shared|[^.\w]\/work\/|registry\.npmjs/],
  ] as const
) {
  Deno.test(`nothing in the repository ${what}`, async () => {
    assertEquals(await linesWith(pattern), []);
  });
}
