import { assert, assertEquals } from "../support/assert.ts";

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

async function manifest(): Promise<Manifest> {
  return JSON.parse(await Deno.readTextFile("deno.json"));
}

/** The files under version control that are text. */
async function textFiles(): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await new Deno.Command("git", {
    args: ["ls-files", "--cached", "--others", "--exclude-standard", "-z"],
  }).output();
  const paths = new TextDecoder().decode(stdout).split("\0")
    .filter((path) => path !== "" && !/\.(utmp|png)$/.test(path));
  assert(paths.includes("README.md"), "git lists the files");
  const texts = paths.map(async (path) => [path, await Deno.readTextFile(path)] as const);
  return new Map(await Promise.all(texts));
}

/** `file: line` for each line that matches, except in the file that holds the pattern. */
async function linesWith(pattern: RegExp): Promise<readonly string[]> {
  return [...await textFiles()].filter(([path]) => path !== "tests/repository/repository_test.ts")
    .flatMap(([path, text]) =>
      text.split("\n").filter((line) => pattern.test(line)).map((line) => `${path}: ${line}`)
    );
}

Deno.test("the program has the permissions that were decided, and no task gives it others", async () => {
  const { permissions, tasks } = await manifest();
  assertEquals(permissions["default"], PERMISSIONS);
  for (const name of ["start", "test:unit"]) {
    const flags = tasks[name]?.split(" ").filter((word) =>
      /^(-P|-A|--allow|--permission)/.test(word)
    );
    assertEquals(flags, ["-P"], name);
  }
});

Deno.test("nothing in the repository asks for permissions on a command line", async () => {
  assertEquals(await linesWith(/deno .*(--allow-|\s-A\b)/), []);
});

Deno.test("every package is pinned to an exact version", async () => {
  const { imports } = await manifest();
  const loose = Object.values(imports).filter((target) =>
    !/^npm:(@[\w-]+\/)?[\w-]+@\d+\.\d+\.\d+(-[\w.]+)?(\/[\w./-]+)?$/.test(target)
  );
  assertEquals(loose, []);
});

Deno.test("no type is switched off", async () => {
  const off = /:\s*any\b|\bas any\b|@ts-ignore|@ts-nocheck|@ts-expect-error|deno-lint-ignore/;
  assertEquals((await linesWith(off)).filter((line) => /^\S+\.ts:/.test(line)), []);
});

Deno.test("no file points outside the repository", async () => {
  assertEquals(await linesWith(/\.\.\/shared|(^|[^.\w])\/work\/|registry\.npmjs/), []);
});
