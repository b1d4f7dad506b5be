import { load } from "js-yaml";
import manifest from "../../deno.json" with { type: "json" };
import { HEALTH_PATHS, readConfig } from "../../lib/cli/config.ts";
import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";
import { brokenRules, type PodSpec, type SecurityContext } from "../support/pod_security.ts";

const LABELS = { "app.kubernetes.io/name": "unix-user-exporter" };
const IMAGE = `unix-user-exporter:${manifest.version}`;
const PORT = 32142;

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

interface DaemonSet {
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: Omit<PodSpec, "volumes" | "containers"> & {
        readonly automountServiceAccountToken: boolean;
        readonly volumes: readonly {
          readonly name: string;
          readonly hostPath: { readonly path: string; readonly type: string };
        }[];
        readonly containers: readonly {
          readonly image: string;
          readonly args: readonly string[];
          readonly ports: readonly Readonly<Record<string, unknown>>[];
          readonly securityContext: SecurityContext;
          readonly startupProbe: Probe;
          readonly readinessProbe: Probe;
          readonly livenessProbe: Probe;
          readonly volumeMounts: readonly {
            readonly name: string;
            readonly mountPath: string;
            readonly readOnly: boolean;
          }[];
        }[];
      };
    };
  };
}

interface PodMonitor {
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly podMetricsEndpoints: readonly {
      readonly port: string;
      readonly path: string;
      readonly relabelings: readonly unknown[];
    }[];
  };
}

interface Compose {
  readonly services: Readonly<
    Record<string, {
      readonly image: string;
      readonly command: readonly string[];
      readonly volumes: readonly {
        readonly source: string;
        readonly target: string;
        readonly read_only: boolean;
        readonly bind: { readonly create_host_path: boolean };
      }[];
      readonly ports: readonly string[];
      readonly user: string;
      readonly read_only: boolean;
      readonly cap_drop: readonly string[];
      readonly security_opt: readonly string[];
    }>
  >;
}

async function yaml<T>(path: string): Promise<T> {
  return load(await Deno.readTextFile(path)) as T;
}

/** The folder of logind that the program reads with these arguments, which it must take. */
function logindPath(args: readonly string[], source: string): string {
  const outcome = readConfig(args, () => undefined);
  assert(outcome.ok, `${args}`);
  assertEquals(outcome.value.source, source);
  return outcome.value.logindPath;
}

Deno.test("a pod without any care breaks the rules of restricted pod security", () => {
  const careless = { hostNetwork: true, volumes: [{ name: "x", hostPath: {} }], containers: [{}] };
  assertEquals(brokenRules(careless), [
    ...["host namespaces", "volume types", "privilege escalation", "running as non-root"],
    ...["seccomp", "capabilities"],
  ]);
});

Deno.test("the pods of the DaemonSet keep every rule of restricted pod security but that on volumes", async () => {
  const { spec: { selector, template } } = await yaml<DaemonSet>("kubernetes/daemonset.yaml");
  assertEquals([selector.matchLabels, template.metadata.labels], [LABELS, LABELS]);
  const pod = template.spec;
  assertEquals(brokenRules(pod), ["volume types"]);
  assertEquals(brokenRules({ ...pod, volumes: [] }), []);
  assertEquals(pod.automountServiceAccountToken, false);

  const [container, ...others] = pod.containers;
  assert(container !== undefined && others.length === 0);
  assertEquals(container.image, IMAGE);
  assertEquals(container.ports, [{ name: "metrics", containerPort: PORT, protocol: "TCP" }]);
  assertEquals(container.securityContext.readOnlyRootFilesystem, true);
  const [healthy, ready] = HEALTH_PATHS;
  const { startupProbe, readinessProbe, livenessProbe } = container;
  assertEquals([startupProbe, readinessProbe, livenessProbe].map(({ httpGet }) => httpGet), [
    ...[ready, ready, healthy].map((path) => ({ path, port: "metrics" })),
  ]);

  const path = logindPath(container.args, "logind");
  const mounts = container.volumeMounts.map(({ name, mountPath, readOnly }) => {
    const volume = pod.volumes.find((each) => each.name === name);
    return [volume?.hostPath.type, volume?.hostPath.path, mountPath, readOnly];
  });
  assertEquals(mounts, [
    ["Directory", "/run/systemd/sessions", `${path}/sessions`, true],
    ["Directory", "/run/systemd/seats", `${path}/seats`, true],
    ["Directory", "/run/systemd/units", `${path}/units`, true],
  ]);
});

Deno.test("the PodMonitor finds the pods and their port, and calls a target by its node alone", async () => {
  const { spec } = await yaml<PodMonitor>("kubernetes/podmonitor.yaml");
  assertEquals(spec.selector.matchLabels, LABELS);
  assertEquals(spec.podMetricsEndpoints.map(({ port, path }) => [port, path]), [
    ["metrics", "/metrics"],
  ]);
  assertEquals(spec.podMetricsEndpoints.map(({ relabelings }) => relabelings), [[
    { sourceLabels: ["__meta_kubernetes_pod_node_name"], targetLabel: "instance" },
    { action: "labeldrop", regex: "pod|container|endpoint" },
  ]]);
});

Deno.test("kustomize takes every file, and the namespace lets host folders in", async () => {
  const { resources } = await yaml<{ readonly resources: readonly string[] }>(
    "kubernetes/kustomization.yaml",
  );
  const files = (await Array.fromAsync(Deno.readDir("kubernetes"))).map(({ name }) => name)
    .filter((name) => name !== "kustomization.yaml");
  assertEquals([...resources].sort(), files.sort());
  assertStringIncludes(
    await Deno.readTextFile("kubernetes/namespace.yaml"),
    "pod-security.kubernetes.io/enforce: privileged",
  );
});

Deno.test("compose runs the image without any right, and creates no folder of the host", async () => {
  const { services } = await yaml<Compose>("compose.yaml");
  const service = services["unix-user-exporter"];
  assert(service !== undefined);
  assertEquals(
    service.image,
    `\${IMAGE:-unix-user-exporter}:\${VERSION:-${manifest.version}}`,
  );
  assertEquals(service.ports, [`${PORT}:${PORT}`]);
  assertEquals([service.user, service.read_only], ["65534:65534", true]);
  assertEquals(service.cap_drop, ["ALL"]);
  assertEquals(service.security_opt, ["no-new-privileges:true"]);
  const path = logindPath(service.command, "auto");
  assertEquals(
    service.volumes,
    ["sessions", "seats", "units"].map((name) => ({
      type: "bind",
      source: `/run/systemd/${name}`,
      target: `${path}/${name}`,
      read_only: true,
      bind: { create_host_path: false },
    })),
  );
});
