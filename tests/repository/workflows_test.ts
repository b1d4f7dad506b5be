import { load } from "js-yaml";
import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { build } from "../support/build.ts";
import { success, testNeeding } from "../support/needs.ts";

interface Job {
  readonly permissions?: unknown;
  readonly needs?: string | readonly string[];
  readonly steps: readonly {
    readonly name?: string;
    readonly uses?: string;
    readonly run?: string;
  }[];
}

interface Workflow {
  readonly concurrency?: { readonly "cancel-in-progress": boolean };
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = ".github/workflows";

/** What each job may do, and no more. */
const RIGHTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  test: { contents: "read" },
  build: { contents: "read" },
  images: { contents: "read", packages: "write" },
  sign: { "id-token": "write", attestations: "write", packages: "write" },
  publish: { contents: "write" },
};

async function workflow(name: string): Promise<Workflow> {
  return load(await Deno.readTextFile(`${FOLDER}/${name}`)) as Workflow;
}

for await (const { name } of Deno.readDir(FOLDER)) {
  Deno.test(`${name} has no more rights than needed, steps that say what they are for, and targets of make`, async () => {
    const { concurrency, jobs } = await workflow(name);
    // A newer commit takes the place of an older one; a release is finished.
    assertEquals(concurrency?.["cancel-in-progress"], name === "test.yml");
    const makefile = await Deno.readTextFile("Makefile");
    for (const [id, { permissions, steps }] of Object.entries(jobs)) {
      assertEquals(permissions, RIGHTS[id], id);
      for (const { name, uses = "actions/", run = "" } of steps) {
        assertMatch(name ?? "", /^[A-Z]/, run);
        assert(uses.startsWith("actions/"), uses);
        const [, target] = /^make (.*)$/.exec(run) ?? [];
        if (target !== undefined) assert(makefile.includes(`\n${target}:`), run);
      }
    }
  });
}

Deno.test("a release is published after it was tested, pushed and signed", async () => {
  const { jobs } = await workflow("release.yml");
  const before = (id: string): readonly string[] =>
    [jobs[id]?.needs ?? []].flat().flatMap((each) => [...before(each), each]);
  assertEquals(new Set(before("publish")), new Set(["build", "images", "sign"]));
  const runs = (id: string): readonly string[] =>
    jobs[id]?.steps.flatMap(({ run = "" }) => /^make/.test(run) ? run : []) ?? [];
  assertEquals(runs("build"), ["make ci", "make release"]);
  // Nothing that this repository has runs where the signatures are made.
  assertEquals(runs("sign"), []);
  assert(!jobs["sign"]?.steps.some(({ uses = "" }) => uses.startsWith("actions/checkout@")));
});

Deno.test("the first stage of the image is pinned", async () => {
  const text = await Deno.readTextFile("Dockerfile");
  assertMatch(text, /^ARG DEBIAN=docker\.io\/library\/debian:[\w-]+@sha256:[0-9a-f]{64}$/m);
});

const PIP = success("python3-pip", ["python3", "-m", "pip", "--version"]);

// It also finds what is not pinned: actions and images.
testNeeding([PIP], "zizmor finds no weakness in the workflows", async () => {
  await build(["tools/zizmor.sh", "--offline", "--quiet", "--pedantic", FOLDER]);
});
