import { assert } from "./assert.ts";
import { command } from "./program.ts";
import { tempDir } from "./temp_dir.ts";

/** How long the check of types may take on a busy machine, in milliseconds. */
const PATIENCE = 120_000;

/** A Kubernetes object of any kind. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

/** The names in deno.json of the modules with the types of an API, and with validators made from its schemas. */
const MODULES: Readonly<Record<string, string>> = {
  "v1": "kubernetes-models/v1",
  "apps/v1": "kubernetes-models/apps/v1",
  "monitoring.coreos.com/v1": "@kubernetes-models/prometheus-operator",
};

/**
 * What is wrong with manifests according to the API, or an empty string: the types find unknown fields and
 * values, the validators find formats and patterns. They run as a program of their own, because only a
 * literal is checked for unknown fields.
 */
export async function apiFaults(manifests: readonly Manifest[]): Promise<string> {
  await using dir = await tempDir();
  const lines = manifests.map(({ apiVersion, kind, ...fields }, i) => {
    const module = MODULES[apiVersion];
    assert(module !== undefined, apiVersion);
    return `import { ${kind} as Kind${i} } from "${module}";
new Kind${i}(${JSON.stringify(fields)}).validate();`;
  });
  const path = dir.join("manifests.ts");
  await Deno.writeTextFile(path, lines.join("\n"));
  const flags = ["-q", "-P=e2e", "--check", "--frozen", "--no-prompt", "--config=deno.json"];
  const words = [Deno.execPath(), "run", ...flags, path];
  const signal = AbortSignal.timeout(PATIENCE);
  const { success, stderr } = await command(words, { env: { NO_COLOR: "1" }, signal }).output();
  return success ? "" : new TextDecoder().decode(stderr);
}
