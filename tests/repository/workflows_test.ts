import { load } from "js-yaml";
import { assert, assertEquals } from "../support/assert.ts";

const FOLDER = ".github/workflows";

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<string, {
      readonly permissions?: Readonly<Record<string, string>>;
      readonly steps: readonly { readonly uses?: string; readonly run?: string }[];
    }>
  >;
}

/** What a bare Debian needs before `make` can be called, in a checkout that belongs to another user. */
const PREPARATIONS = [
  "apt-get update && apt-get install --yes --no-install-recommends ca-certificates git make",
  'git config --global --add safe.directory "$PWD"',
];

async function workflow(name: string): Promise<Workflow> {
  return load(await Deno.readTextFile(`${FOLDER}/${name}`)) as Workflow;
}

const NAMES = ["release.yml", "test.yml"];

Deno.test("the workflows are those that are looked at here", async () => {
  const files = await Array.fromAsync(Deno.readDir(FOLDER));
  assertEquals(files.map(({ name }) => name).sort(), NAMES);
});

for (const name of NAMES) {
  Deno.test(`${name} calls make and actions that are pinned by commit, nothing else`, async () => {
    const makefile = await Deno.readTextFile("Makefile");
    const { jobs } = await workflow(name);
    const steps = Object.values(jobs).flatMap((job) => job.steps);
    assert(steps.some(({ run }) => run === "make ci" || run === "make release"));
    for (const { uses, run } of steps) {
      if (uses !== undefined) assert(/^actions\/[\w-]+@[0-9a-f]{40}$/.test(uses), uses);
      if (run === undefined || PREPARATIONS.includes(run)) continue;
      const [, target] = /^make ([a-z]+)$/.exec(run) ?? [];
      assert(target !== undefined && makefile.includes(`\n${target}:`), run);
    }
  });
}

Deno.test("only the job that publishes may write, and only the release", async () => {
  const [release, test] = await Promise.all(NAMES.map(workflow));
  assertEquals(test?.permissions, { contents: "read" });
  assertEquals(release?.permissions, {});
  assertEquals(release?.jobs["build"]?.permissions, { contents: "read" });
  assertEquals(release?.jobs["publish"]?.permissions, { actions: "read", contents: "write" });
});
