import manifest from "../../deno.json" with { type: "json" };
import { assert, assertEquals } from "../support/assert.ts";
import { build } from "../support/build.ts";

interface Component {
  readonly type: string;
  readonly name: string;
  readonly version: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses?: readonly { readonly license: { readonly id: string } }[];
}

interface List {
  readonly specVersion: string;
  readonly metadata: { readonly timestamp: string; readonly component: Component };
  readonly components: readonly Component[];
}

Deno.test("the list of a release names what the program imports, with checksums and licences", async () => {
  const words = ["run", "-q", "-P=build", "--no-prompt", "--frozen", "tools/sbom.ts"];
  const env = { SOURCE_DATE_EPOCH: "1700000000" };
  const list: List = JSON.parse(await build(["tools/deno.sh", ...words], env));
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
  for (const { name, hashes, licenses } of libraries) {
    assert(/^[0-9a-f]{128}$/.test(hashes?.[0]?.content ?? ""), name);
    assert(licenses?.[0]?.license.id !== undefined, name);
  }
  const runtimes = list.components.filter(({ type }) => type === "platform");
  assertEquals(runtimes.map(({ name }) => name), ["deno", "node"]);
});

Deno.test("the licence of everything that is in the list is in the notices", async () => {
  const run = (script: string): Promise<string> =>
    build(["tools/deno.sh", "run", "-q", "-P=build", "--no-prompt", "--frozen", script], {
      SOURCE_DATE_EPOCH: "1700000000",
    });
  const [text, notices] = await Promise.all(["tools/sbom.ts", "tools/notices.ts"].map(run));
  const { components }: List = JSON.parse(text ?? "");
  const libraries = components.filter(({ type }) => type === "library");
  const headings = (notices ?? "").split(/^-{80}$/m).map((part) => part.trim().split("\n")[0]);
  assertEquals(headings, libraries.map(({ name, version }) => `${name}@${version}`));
});
