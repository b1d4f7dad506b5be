// The kustomizations in kubernetes/, and the objects that kubectl applies with them.
import { load, loadAll } from "js-yaml";
import manifest from "../../deno.json" with { type: "json" };
import { assertEquals, assertStringIncludes } from "../support/assert.ts";
import { kubernetesApi } from "../support/kubernetes_api.ts";
import { apiFaults, type Manifest } from "../support/kubernetes_models.ts";
import { program, testNeeding } from "../support/needs.ts";
import { type Finished, run } from "../support/program.ts";
import { succeed } from "../support/succeed.ts";
import { tempDir } from "../support/temp_dir.ts";

interface PodMonitor extends Manifest {
  readonly spec: { readonly podMetricsEndpoints: readonly object[] };
}

interface DaemonSet extends Manifest {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly {
          readonly image: string;
          readonly env: readonly { readonly name: string; readonly value: string }[];
          readonly volumeMounts: readonly { readonly name: string }[];
        }[];
      };
    };
  };
}

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

Deno.test("the check of manifests finds unknown fields, kinds of values, and bad patterns", async () => {
  const monitor = await yaml<PodMonitor>(
    `${OPERATOR}/podmonitor.yaml`,
  );
  const [endpoint] = monitor.spec.podMetricsEndpoints;
  const faultsOf = (...changes: readonly object[]): Promise<string> =>
    apiFaults(changes.map((change) => {
      const podMetricsEndpoints = [{ ...endpoint, ...change }];
      return { ...monitor, spec: { ...monitor.spec, podMetricsEndpoints } };
    }));
  const faults = await faultsOf({ targetPorts: 1 }, { interval: 30 }, { scheme: "gopher" });
  assertStringIncludes(faults, `'"targetPorts"' does not exist`);
  assertStringIncludes(faults, "Type 'number' is not assignable");
  assertStringIncludes(faults, "Type '\"gopher\"' is not assignable");
  assertStringIncludes(
    await faultsOf({ interval: "30 seconds" }),
    "podMetricsEndpoints/0/interval must match pattern",
  );
});

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
async function kustomize(folder: string): Promise<readonly DaemonSet[]> {
  return loadAll(await succeed("kubectl", "kustomize", folder)) as DaemonSet[];
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
  "kubectl apply ends with 0 on a cluster without the Prometheus Operator",
  async () => {
    await using dir = await tempDir();
    await using api = kubernetesApi();
    const apply = (folder: string): Promise<Finished> => {
      // The stand-in for a server has no schemas; the test of the files has them.
      const flags = [`--server=${api.url}`, `--cache-dir=${dir.join("cache")}`, "--validate=false"];
      const env = { KUBECONFIG: dir.join("config") };
      return run(["kubectl", "apply", ...flags, "--kustomize", folder], { env });
    };
    const { code, stdout, stderr } = await apply("kubernetes");
    assertEquals([code, stderr], [0, ""]);
    assertEquals(stdout.match(/^\S+ created$/gm), [
      "namespace/unix-user-exporter created",
      "daemonset.apps/unix-user-exporter created",
    ]);
    assertEquals(api.created.length, 2);
    const operator = await apply(OPERATOR);
    assertEquals(operator.code, 1);
    assertStringIncludes(operator.stderr, 'no matches for kind "PodMonitor"');
  },
);

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
    const daemonSet = manifests.find(({ kind }) => kind === "DaemonSet");
    const [container] = daemonSet?.spec.template.spec.containers ?? [];
    assertEquals(container?.image, `registry.example.org/unix-user-exporter:${manifest.version}`);
    const variables = Object.fromEntries(
      container?.env.map(({ name, value }) => [name, value]) ?? [],
    );
    assertEquals(variables, {
      TZ: "Europe/Berlin",
      UUE_LABELS_DROP: "from",
      UUE_WTMP_PATH: "/host/var/log/wtmp",
      UUE_BTMP_PATH: "/host/var/log/btmp",
    });
    assertEquals(container?.volumeMounts.map(({ name }) => name).toSorted(), [
      "log",
      "seats",
      "sessions",
      "units",
    ]);
    assertEquals(await apiFaults(manifests), "");
  },
);
