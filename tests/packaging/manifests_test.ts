import { load } from "js-yaml";
import type { IPodMonitor } from "@kubernetes-models/prometheus-operator";
import type { IDaemonSet } from "kubernetes-models/apps/v1";
import type { IContainer, IPodSpec } from "kubernetes-models/v1";
import manifest from "../../deno.json" with { type: "json" };
import { HEALTH_PATHS, readConfig } from "../../lib/cli/config.ts";
import { OPTIONS } from "../../lib/cli/options.ts";
import { assert, assertEquals, assertStringIncludes, fail } from "../support/assert.ts";

/** The port of the program unless a flag says otherwise. */
const PORT = Number(OPTIONS["web.listen-address"].defaultValue.slice(1));

/** The pod of the DaemonSet, its labels and its only container. */
async function daemon(): Promise<{
  readonly labels: Record<string, string>;
  readonly pod: IPodSpec;
  readonly container: IContainer;
}> {
  const { template } = (await yaml<IDaemonSet>("kubernetes/daemonset.yaml")).spec ?? fail();
  const pod = template.spec ?? fail();
  const [container, ...others] = pod.containers;
  assert(container !== undefined && others.length === 0);
  return { labels: template.metadata?.labels ?? {}, pod, container };
}

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
  const { pod, container } = await daemon();
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
  const { pod, container } = await daemon();
  const { image, args = [], startupProbe, readinessProbe, livenessProbe, volumeMounts } = container;
  assertEquals(image, `unix-user-exporter:${manifest.version}`);
  assertEquals(container.env, [{ name: "TZ", value: "UTC" }]);
  assertEquals(container.ports, [{ name: "metrics", containerPort: PORT, protocol: "TCP" }]);
  const [healthy, ready] = HEALTH_PATHS;
  const probes = [startupProbe, readinessProbe, livenessProbe].map((probe) => probe?.httpGet?.path);
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

Deno.test("the PodMonitor finds the pods and their port, and names a target by its node alone", async () => {
  const { spec } = await yaml<IPodMonitor>("kubernetes/prometheus-operator/podmonitor.yaml");
  assertEquals(spec.selector, { matchLabels: (await daemon()).labels });
  assertEquals(
    spec.podMetricsEndpoints?.map(({ port, path, relabelings }) => [port, path, relabelings]),
    [["metrics", "/metrics", [
      { sourceLabels: ["__meta_kubernetes_pod_node_name"], targetLabel: "instance" },
      { action: "labeldrop", regex: "pod|container|endpoint" },
    ]]],
  );
});

Deno.test("compose runs this version without rights, and creates no folder of the host", async () => {
  const { services: { "unix-user-exporter": service } } = await yaml<{
    readonly services: {
      readonly "unix-user-exporter":
        & Readonly<Record<string, unknown>>
        & { readonly command: readonly string[] };
    };
  }>("compose.yaml");
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
