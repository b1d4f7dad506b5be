import { load, loadAll } from "js-yaml";
import manifest from "../../deno.json" with { type: "json" };
import { HEALTH_PATHS, readConfig } from "../../lib/cli/config.ts";
import { OPTIONS } from "../../lib/cli/options.ts";
import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";
import { apiFaults, type Manifest } from "../support/kubernetes_models.ts";
import { program, testNeeding } from "../support/needs.ts";
import { succeed } from "../support/succeed.ts";
import { tempDir } from "../support/temp_dir.ts";

/** The parts of a DaemonSet that are tested. */
interface DaemonSet {
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly labels: unknown };
      readonly spec: Pod;
    };
  };
}

interface Probe {
  readonly httpGet: { readonly path: string };
}

interface Pod {
  readonly automountServiceAccountToken: boolean;
  readonly securityContext: object;
  readonly volumes: readonly { readonly name: string; readonly hostPath: unknown }[];
  readonly containers: readonly {
    readonly image: string;
    readonly args: readonly string[];
    readonly env: readonly { readonly name: string; readonly value: string }[];
    readonly ports: unknown;
    readonly securityContext: object;
    readonly startupProbe: Probe;
    readonly readinessProbe: Probe;
    readonly livenessProbe: Probe;
    readonly volumeMounts: readonly unknown[];
  }[];
}

/** The port of the program unless a flag says otherwise. */
const PORT = Number(OPTIONS["web.listen-address"].defaultValue.slice(1));

async function yaml<T>(path: string): Promise<T> {
  return load(await Deno.readTextFile(path)) as T;
}

/** The folders of logind, and where the program reads them with these arguments. */
function logindFolders(args: readonly string[]): readonly (readonly [string, string])[] {
  const outcome = readConfig(args, () => undefined);
  assert(outcome.ok, `${args}`);
  const { logindPath } = outcome.value;
  return ["sessions", "seats", "units"].map((name) => [name, `${logindPath}/${name}`] as const);
}

Deno.test("the DaemonSet meets the restricted pod security standard except for hostPath", async () => {
  const { template } = (await yaml<DaemonSet>("kubernetes/daemonset.yaml")).spec;
  const pod = template.spec;
  const [container, ...others] = pod.containers;
  assert(container !== undefined && others.length === 0);
  assertEquals(Object.keys(pod).filter((name) => /^host|^initContainers/.test(name)), []);
  assertEquals({ ...pod.securityContext, ...container.securityContext }, {
    runAsNonRoot: true,
    runAsUser: 65534,
    runAsGroup: 65534,
    seccompProfile: { type: "RuntimeDefault" },
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    privileged: false,
    capabilities: { drop: ["ALL"] },
  });
  assertEquals(pod.automountServiceAccountToken, false);
  const namespace = await Deno.readTextFile("kubernetes/namespace.yaml");
  assertStringIncludes(namespace, "pod-security.kubernetes.io/enforce: privileged");
});

Deno.test("the DaemonSet runs this version, with the paths that the program reads and serves", async () => {
  const { template } = (await yaml<DaemonSet>("kubernetes/daemonset.yaml")).spec;
  const pod = template.spec;
  const [container] = pod.containers;
  assert(container !== undefined);
  const { image, args, startupProbe, readinessProbe, livenessProbe, volumeMounts } = container;
  assertEquals(image, `unix-user-exporter:${manifest.version}`);
  assertEquals(container.env, [{ name: "TZ", value: "UTC" }]);
  assertEquals(container.ports, [{ name: "metrics", containerPort: PORT, protocol: "TCP" }]);
  const [healthy, ready] = HEALTH_PATHS;
  const probes = [startupProbe, readinessProbe, livenessProbe].map(({ httpGet }) => httpGet.path);
  assertEquals(probes, [ready, ready, healthy]);
  const folders = logindFolders(args);
  assertEquals(
    volumeMounts,
    folders.map(([name, mountPath]) => ({ name, mountPath, readOnly: true })),
  );
  assertEquals(
    pod.volumes,
    folders.map(([name]) => ({
      name,
      hostPath: { path: `/run/systemd/${name}`, type: "Directory" },
    })),
  );
});

interface PodMonitor {
  readonly spec: {
    readonly selector: unknown;
    readonly podMetricsEndpoints: readonly Readonly<Record<string, unknown>>[];
  };
}

Deno.test("the PodMonitor finds the pods and their port, and names a target by its node alone", async () => {
  const { template } = (await yaml<DaemonSet>("kubernetes/daemonset.yaml")).spec;
  const { spec } = await yaml<PodMonitor>("kubernetes/prometheus-operator/podmonitor.yaml");
  assertEquals(spec.selector, { matchLabels: template.metadata.labels });
  assertEquals(
    spec.podMetricsEndpoints.map(({ port, path, relabelings }) => [port, path, relabelings]),
    [["metrics", "/metrics", [
      { sourceLabels: ["__meta_kubernetes_pod_node_name"], targetLabel: "instance" },
      { action: "labeldrop", regex: "pod|container|endpoint" },
    ]]],
  );
});

/** The kustomizations, and the kinds of objects that each has. Only the first is for every cluster. */
const KUSTOMIZATIONS = {
  "kubernetes": ["DaemonSet", "Namespace"],
  "kubernetes/prometheus-operator": ["PodMonitor", "PrometheusRule", "PrometheusRule"],
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
  const monitor = await yaml<Manifest & PodMonitor>(
    "kubernetes/prometheus-operator/podmonitor.yaml",
  );
  const [endpoint] = monitor.spec.podMetricsEndpoints;
  for (
    const [change, fault] of [
      [{ targetPorts: 1 }, `'"targetPorts"' does not exist`],
      [{ interval: 30 }, "Type 'number' is not assignable"],
      [{ interval: "30 seconds" }, "podMetricsEndpoints/0/interval must match pattern"],
      [{ scheme: "gopher" }, "Type '\"gopher\"' is not assignable"],
    ] as const
  ) {
    const podMetricsEndpoints = [{ ...endpoint, ...change }];
    const changed = { ...monitor, spec: { ...monitor.spec, podMetricsEndpoints } };
    assertStringIncludes(await apiFaults([changed]), fault);
  }
});

for (const name of ["alerts", "rules"]) {
  Deno.test(`golden: the PrometheusRule with the ${name} has those of dashboards/`, async () => {
    const rules = await Deno.readTextFile(`dashboards/${name}.yaml`);
    const path = `kubernetes/prometheus-operator/${name}.yaml`;
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
async function kustomize(folder: string): Promise<readonly (Manifest & DaemonSet)[]> {
  return loadAll(await succeed("kubectl", "kustomize", folder)) as (Manifest & DaemonSet)[];
}

// Debian 12 has kubectl 1.20, whose kustomize does not know labels.
const KUBECTL = [{ ...program("kubectl"), isOfMachine: true }];

for (const [folder, kinds] of Object.entries(KUSTOMIZATIONS)) {
  testNeeding(KUBECTL, `kubectl applies the objects of ${folder} and no others`, async () => {
    const manifests = await kustomize(folder);
    assertEquals(manifests.map(({ kind }) => kind).sort(), [...kinds]);
    const { labels } = manifests.at(-1)?.metadata ?? {};
    const release = folder === "kubernetes" ? undefined : "kube-prometheus-stack";
    assertEquals(labels?.["release"], release);
  });
}

testNeeding(
  KUBECTL,
  "the kustomization of the documentation sets image, zone and label",
  async () => {
    const text = await Deno.readTextFile("docs/kubernetes.md");
    const [, example = ""] = /^```yaml\n# kustomization.yaml\n([^]*?)^```$/m.exec(text) ?? [];
    await using dir = await tempDir();
    await Deno.writeTextFile(dir.join("kustomization.yaml"), example);
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
    assertEquals(variables, { TZ: "Europe/Berlin", UUE_LABELS_DROP: "from" });
    assertEquals(await apiFaults(manifests), "");
  },
);

Deno.test("compose runs this version without rights, and creates no folder of the host", async () => {
  const { services } = await yaml<{
    readonly services: Readonly<
      Record<string, Readonly<Record<string, unknown>> & { readonly command: readonly string[] }>
    >;
  }>("compose.yaml");
  const service = services["unix-user-exporter"];
  assert(service !== undefined);
  const { image, ports, user, read_only, cap_drop, security_opt, volumes } = service;
  assertEquals(ports, [`${PORT}:${PORT}`]);
  assertEquals(image, `\${IMAGE:-unix-user-exporter}:\${VERSION:-${manifest.version}}`);
  assertEquals([user, read_only, cap_drop, security_opt], [
    ...["65534:65534", true, ["ALL"], ["no-new-privileges:true"]],
  ]);
  assertEquals(
    volumes,
    logindFolders(service.command).map(([name, target]) => ({
      type: "bind",
      source: `/run/systemd/${name}`,
      target,
      read_only: true,
      bind: { create_host_path: false },
    })),
  );
});
