// The kustomizations in kubernetes/, and the objects that kubectl applies with them.
import { load, loadAll } from "js-yaml";
import type { DaemonSet } from "kubernetes-models/apps/v1";
import manifest from "../../deno.json" with { type: "json" };
import { assertEquals } from "../support/assert.ts";
import { apiFaults, type Manifest } from "../support/kubernetes_models.ts";
import { program, testNeeding } from "../support/needs.ts";
import { succeed } from "../support/succeed.ts";
import { tempDir } from "../support/temp_dir.ts";

async function yaml<T>(path: string): Promise<T> {
  return load(await Deno.readTextFile(path)) as T;
}

/** The folder of what only the Prometheus Operator knows. */
const OPERATOR = "kubernetes/prometheus-operator";

/** The kustomizations, and the kinds of objects that each has. Only the first is for every cluster. */
const KUSTOMIZATIONS = {
  "kubernetes": ["DaemonSet", "Namespace"],
  [OPERATOR]: ["PodMonitor", "PrometheusRule", "PrometheusRule"],
} as const;

/** The files of a kustomization. */
async function resourcesOf(folder: string): Promise<readonly string[]> {
  const path = `${folder}/kustomization.yaml`;
  return (await yaml<{ readonly resources: readonly string[] }>(path)).resources;
}

for (const [folder, kinds] of Object.entries(KUSTOMIZATIONS)) {
  Deno.test(`${folder} includes each of its files, and they are right for the API`, async () => {
    const resources = await resourcesOf(folder);
    const entries = await Array.fromAsync(Deno.readDir(folder));
    const files = entries.filter(({ isFile }) => isFile).map(({ name }) => name);
    assertEquals([...resources, "kustomization.yaml"].sort(), files.sort());
    const manifests = await Promise.all(
      resources.map((file) => yaml<Manifest>(`${folder}/${file}`)),
    );
    assertEquals(manifests.map(({ kind }) => kind).sort(), [...kinds]);
    assertEquals(await apiFaults(manifests), "");
  });
}

for (const name of ["alerts", "rules"]) {
  Deno.test(`golden: the PrometheusRule with the ${name} has those of dashboards/`, async () => {
    const rules = await Deno.readTextFile(`dashboards/${name}.yaml`);
    const path = `${OPERATOR}/${name}.yaml`;
    const expected = [
      `# Written by \`make golden\` from dashboards/${name}.yaml.`,
      "apiVersion: monitoring.coreos.com/v1",
      "kind: PrometheusRule",
      "metadata:",
      `  name: unix-user-exporter-${name}`,
      "  namespace: unix-user-exporter",
      "  labels:",
      "    app.kubernetes.io/name: unix-user-exporter",
      "spec:",
      rules.slice(rules.indexOf("groups:")).replaceAll(/^(?=.)/gm, "  "),
    ].join("\n");
    if (Deno.env.get("UPDATE_GOLDEN") === "1") await Deno.writeTextFile(path, expected);
    else assertEquals(await Deno.readTextFile(path), expected);
    assertEquals((load(expected) as { readonly spec: unknown }).spec, load(rules));
  });
}

/** What kubectl applies, without a cluster. */
async function kustomize(folder: string): Promise<readonly Manifest[]> {
  return loadAll(await succeed("kubectl", "kustomize", folder)) as Manifest[];
}

// Debian 12 has kubectl 1.20, whose kustomize does not know labels.
const KUBECTL = [{ ...program("kubectl"), isOfMachine: true }];

for (
  const [folder, kinds, release] of [
    ["kubernetes", KUSTOMIZATIONS["kubernetes"], undefined],
    [OPERATOR, KUSTOMIZATIONS[OPERATOR], "kube-prometheus-stack"],
    ["dashboards", ["ConfigMap"], undefined],
  ] as const
) {
  testNeeding(KUBECTL, `kubectl applies the objects of ${folder} and no others`, async () => {
    const manifests = await kustomize(folder);
    assertEquals(manifests.map(({ kind }) => kind).sort(), [...kinds]);
    const releases = manifests.map(({ metadata }) => metadata.labels?.["release"]);
    assertEquals([...new Set(releases)], [release]);
    assertEquals(await apiFaults(manifests), "");
  });
}

testNeeding(
  KUBECTL,
  "the kustomization of the documentation sets image, zone and label, and adds past logins",
  async () => {
    const text = await Deno.readTextFile("docs/kubernetes.md");
    const [, example = ""] = /^```yaml\n# kustomization.yaml\n([^]*?)^```$/m.exec(text) ?? [];
    await using dir = await tempDir();
    const [, pastLogins = ""] = /^```yaml\npatches:\n([^]*?)^```$/m.exec(text) ?? [];
    await Deno.writeTextFile(dir.join("kustomization.yaml"), example + pastLogins);
    // kustomize does not follow links out of the folder.
    await succeed("mkdir", dir.join("unix-user-exporter"));
    await succeed("cp", "-r", "kubernetes", dir.join("unix-user-exporter/"));
    const manifests = await kustomize(dir.join("."));
    assertEquals(
      manifests.map(({ kind }) => kind).sort(),
      Object.values(KUSTOMIZATIONS).flat().sort(),
    );
    assertEquals(
      new Set(manifests.map(({ metadata }) => metadata.labels?.["release"])),
      new Set(["monitoring"]),
    );
    const daemonSet = manifests.find(({ kind }) => kind === "DaemonSet") as DaemonSet | undefined;
    const [{ image, env = [], volumeMounts = [] } = {}] =
      daemonSet?.spec?.template.spec?.containers ?? [];
    assertEquals(image, `registry.example.org/unix-user-exporter:${manifest.version}`);
    const variables = Object.fromEntries(env.map(({ name, value }) => [name, value]));
    assertEquals(variables, {
      TZ: "Europe/Berlin",
      UUE_LABELS_DROP: "from",
      UUE_WTMP_PATH: "/host/var/log/wtmp",
      UUE_BTMP_PATH: "/host/var/log/btmp",
    });
    const mounts = volumeMounts.map(({ name }) => name).toSorted();
    assertEquals(mounts, ["log", "seats", "sessions", "units"]);
    assertEquals(await apiFaults(manifests), "");
  },
);
