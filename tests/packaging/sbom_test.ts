import manifest from "../../deno.json" with { type: "json" };
import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { build } from "../support/build.ts";
import { run } from "../support/program.ts";

interface Component {
  readonly "bom-ref": string;
  readonly type: string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly cpe?: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses?: readonly {
    readonly license?: { readonly id: string };
    readonly expression?: string;
  }[];
}

interface List {
  readonly specVersion: string;
  readonly metadata: { readonly timestamp: string; readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly {
    readonly ref: string;
    readonly dependsOn: readonly string[];
  }[];
}

const DENO = ["tools/deno.sh", "run", "-q", "-P=build", "--no-prompt", "--frozen"];
const SCRIPT = [...DENO, "tools/sbom.ts"];
const EPOCH = { SOURCE_DATE_EPOCH: "1700000000" };

/** The list of a release, or of the executable for an architecture. */
async function listOf(...args: readonly string[]): Promise<List> {
  // Without another Node the executable for armv7 is made of the pinned one.
  return JSON.parse(await build([...SCRIPT, ...args], { ...EPOCH, NODE_ARMV7: "" }));
}

/** Everything that something depends on, in any number of steps, and itself. */
function reachable({ dependencies }: List, from: string): ReadonlySet<string> {
  const found = new Set([from]);
  for (const each of found) {
    for (const next of dependencies.find(({ ref }) => ref === each)?.dependsOn ?? []) {
      found.add(next);
    }
  }
  return found;
}

function namesOf(list: List, type: string): readonly string[] {
  return list.components.filter((each) => each.type === type).map(({ name }) => name);
}

Deno.test("the list of a release names what the program imports, with checksums and licences", async () => {
  const list = await listOf();
  assertEquals(list.specVersion, "1.6");
  assertEquals(list.metadata.timestamp, "2023-11-14T22:13:20.000Z");
  assertEquals(list.metadata.component.version, manifest.version);

  const libraries = list.components.filter(({ type }) => type === "library");
  const packages = libraries.map(({ name, version }) => `${name}@${version}`);
  // As they are imported, and one that is only needed by another.
  for (const name of ["@logtape/logtape", "deno-std", "prom-client", "re2js", "js-yaml"]) {
    const target = Object.values(manifest.imports).find((each) => each.startsWith(`npm:${name}@`));
    const [, id] = /^npm:(@?[^@]+@[\d.]+)/.exec(target ?? "") ?? [];
    assert(id !== undefined && packages.includes(id), name);
  }
  assert(packages.some((id) => id.startsWith("tdigest@")));
  // The tests and the builds have packages that no user gets.
  for (const name of ["fast-check", "esbuild"]) {
    assert(!packages.some((id) => id.startsWith(`${name}@`)), name);
  }
  for (const { name, hashes } of libraries) {
    assert(/^[0-9a-f]{128}$/.test(hashes?.[0]?.content ?? ""), name);
  }
  for (const { name, licenses } of [list.metadata.component, ...list.components]) {
    const [{ license, expression } = {}] = licenses ?? [];
    assertMatch(license?.id ?? expression ?? "", /^[\w.-]+( (OR|AND|WITH) [\w.-]+)*$/, name);
  }
});

Deno.test("the list has an edge for everything that depends on something", async () => {
  const list = await listOf();
  const { component } = list.metadata;
  const refs = [component, ...list.components].map((each) => each["bom-ref"]);
  assertEquals(new Set(refs).size, refs.length, "each is named once");
  assertEquals(list.dependencies.map(({ ref }) => ref).toSorted(), refs.toSorted());
  for (const { ref, dependsOn } of list.dependencies) {
    assertEquals(dependsOn.filter((each) => !refs.includes(each)), [], ref);
  }
  assertEquals(reachable(list, component["bom-ref"]).size, refs.length, "all are connected");
  const edges = (name: string): readonly string[] =>
    list.dependencies.find(({ ref }) => ref.startsWith(`pkg:npm/${name}@`))?.dependsOn ?? [];
  assert(edges("prom-client").some((ref) => ref.startsWith("pkg:npm/tdigest@")));
  assert(edges("tdigest").some((ref) => ref.startsWith("pkg:npm/bintrees@")));
});

Deno.test("each executable depends on its own runtime, which scanners know", async () => {
  const list = await listOf();
  const pin = await Deno.readTextFile("tools/node-armv7.env");
  const [, node = ""] = /^NODE_VERSION=(.+)$/m.exec(pin) ?? [];
  const runtimes = [
    `cpe:2.3:a:deno:deno:${Deno.version.deno}:*:*:*:*:*:*:*`,
    `cpe:2.3:a:nodejs:node.js:${node}:*:*:*:*:*:*:*`,
  ];
  for (const [arch, cpe] of [["x86_64", 0], ["aarch64", 0], ["armv7", 1]] as const) {
    const found = reachable(
      list,
      `pkg:generic/unix-user-exporter-linux-${arch}@${manifest.version}`,
    );
    const cpes = list.components.filter((each) => found.has(each["bom-ref"]))
      .flatMap((each) => each.cpe ?? []);
    assertEquals(cpes, [runtimes[cpe]], arch);
    // The list in an image has what is inside that image, and nothing of the others.
    const own = await listOf(arch);
    assertEquals(namesOf(own, "application"), [`unix-user-exporter-linux-${arch}`]);
    const ownRefs = new Set(own.components.map((each) => each["bom-ref"]));
    assertEquals(ownRefs, found, arch);
  }
});

Deno.test("the list names the Node that NODE_ARMV7 names", async () => {
  const text = await build([...SCRIPT, "armv7"], { ...EPOCH, NODE_ARMV7: "npm" });
  const { components }: List = JSON.parse(text);
  const { version } = components.find(({ name }) => name === "node") ?? {};
  assertEquals(version, "20.11.0");
});

Deno.test("there is no list for an architecture without executable", async () => {
  const { code, stdout, stderr } = await run([...SCRIPT, "i386"], { env: EPOCH });
  assertEquals([code, stdout], [1, ""]);
  assert(stderr.includes("There is no executable for i386"), stderr);
});

Deno.test("the licence of everything that is in the list is in the notices", async () => {
  const notices = await build([...DENO, "tools/notices.ts"]);
  const { components } = await listOf();
  const libraries = components.filter(({ type }) => type === "library");
  const headings = notices.split(/^-{80}$/m).map((part) => part.trim().split("\n")[0]);
  assertEquals(headings, libraries.map(({ name, version }) => `${name}@${version}`));
});
