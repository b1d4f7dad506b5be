import { load } from "js-yaml";
import { assert, assertEquals, assertMatch } from "../support/assert.ts";

interface Job {
  readonly permissions?: unknown;
  readonly steps: readonly { readonly uses?: string; readonly run?: string }[];
}

interface Workflow {
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = ".github/workflows";

for await (const { name } of Deno.readDir(FOLDER)) {
  Deno.test(`${name} has pinned actions, targets of the Makefile and no more rights than needed`, async () => {
    const workflow = load(await Deno.readTextFile(`${FOLDER}/${name}`)) as Workflow;
    const makefile = await Deno.readTextFile("Makefile");
    for (
      const [id, { permissions = workflow.permissions, steps }] of Object.entries(workflow.jobs)
    ) {
      const isPublisher = name === "release.yml" && id === "publish";
      const rights = isPublisher ? { actions: "read", contents: "write" } : { contents: "read" };
      assertEquals(permissions, rights, id);
      assert(steps.some(({ run }) => run?.startsWith("make ")), id);
      for (const { uses, run = "" } of steps) {
        if (uses !== undefined) assertMatch(uses, /^actions\/[\w-]+@[0-9a-f]{40}$/);
        const [, target] = /^make (.*)$/.exec(run) ?? [];
        if (target !== undefined) assert(makefile.includes(`\n${target}:`), run);
      }
    }
  });
}
