import { load } from "js-yaml";
import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { build } from "../support/build.ts";
import { program, testNeeding } from "../support/needs.ts";
import { type Finished, run } from "../support/program.ts";
import { tempDir } from "../support/temp_dir.ts";

interface Job {
  readonly permissions?: unknown;
  readonly needs?: string | readonly string[];
  readonly container?: { readonly image: string };
  readonly steps: readonly {
    readonly name?: string;
    readonly uses?: string;
    readonly run?: string;
  }[];
}

interface Workflow {
  readonly permissions: unknown;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
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
  Deno.test(`${name} has pinned actions and images, and no more rights than needed`, async () => {
    const { permissions, concurrency, jobs } = await workflow(name);
    assertEquals(permissions, {}, "each job has its own");
    assertMatch(concurrency?.group ?? "", /^\w+-\$\{\{ github\.ref \}\}$/);
    // A newer commit takes the place of an older one; a release is finished.
    assertEquals(concurrency?.["cancel-in-progress"], name === "test.yml");
    const lines = (await Deno.readTextFile(`${FOLDER}/${name}`)).split("\n");
    for (const line of lines.filter((each) => each.includes(" uses: "))) {
      assertMatch(line, /uses: actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
    for (const [id, job] of Object.entries(jobs)) {
      assertEquals(job.permissions, RIGHTS[id], id);
      if (job.container !== undefined) assertMatch(job.container.image, /@sha256:[0-9a-f]{64}$/);
    }
  });

  Deno.test(`each step of ${name} says what it is for, and make has its targets`, async () => {
    const makefile = await Deno.readTextFile("Makefile");
    for (const { steps } of Object.values((await workflow(name)).jobs)) {
      for (const { name, run = "" } of steps) {
        assertMatch(name ?? "", /^[A-Z]/, run);
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

function zizmor(path: string): Promise<Finished> {
  return run(["tools/zizmor.sh", "--offline", "--quiet", path]);
}

/** Python's pip, which installs zizmor. */
const PIP = {
  what: "python3-pip",
  isMet: () =>
    program("python3").isMet() &&
    new Deno.Command("python3", { args: ["-m", "pip", "--version"] }).outputSync().success,
};

testNeeding([PIP], "zizmor finds no weakness in the workflows", async () => {
  await build(["tools/zizmor.sh", "--version"]); // It may have to be installed.
  const { code, stdout, stderr } = await zizmor(FOLDER);
  assertEquals(code, 0, stdout + stderr);
  // It reads the file that it is given.
  await using dir = await tempDir();
  const path = dir.join("release.yml");
  const text = await Deno.readTextFile(`${FOLDER}/release.yml`);
  await Deno.writeTextFile(path, text.replace(/actions\/attest@\w{40}/, "actions/attest@v4"));
  const spoilt = await zizmor(path);
  assert(spoilt.code !== 0 && spoilt.stdout.includes("unpinned-uses"), spoilt.stdout);
});
