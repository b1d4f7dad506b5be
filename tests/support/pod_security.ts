/** What a pod security check looks at; fields as in the API of Kubernetes, each of which may be missing. */
export interface PodSpec {
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly securityContext?: SecurityContext;
  readonly volumes?: readonly Readonly<Record<string, unknown>>[];
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
}

interface Container {
  readonly ports?: readonly { readonly hostPort?: number }[];
  readonly securityContext?: SecurityContext;
}

/** Of a pod or of a container. */
export interface SecurityContext {
  /** Not in the profile. */
  readonly readOnlyRootFilesystem?: boolean;
  readonly privileged?: boolean;
  readonly allowPrivilegeEscalation?: boolean;
  readonly procMount?: string;
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly seccompProfile?: { readonly type: string };
  readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] };
  readonly sysctls?: readonly unknown[];
  readonly seLinuxOptions?: unknown;
  readonly appArmorProfile?: { readonly type: string };
  readonly windowsOptions?: unknown;
}

const VOLUMES = ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral"];
const MORE_VOLUMES = ["persistentVolumeClaim", "projected", "secret"];

/** A rule of the profile and whether the pod, or one of its containers, keeps it. */
type Rule<Subject> = readonly [name: string, holds: (subject: Subject, pod: PodSpec) => boolean];

const POD_RULES: readonly Rule<PodSpec>[] = [
  ["host namespaces", ({ hostNetwork, hostPID, hostIPC }) => !hostNetwork && !hostPID && !hostIPC],
  [
    "volume types",
    ({ volumes = [] }) =>
      volumes.every((volume) =>
        Object.keys(volume).every((key) =>
          key === "name" || VOLUMES.includes(key) || MORE_VOLUMES.includes(key)
        )
      ),
  ],
  ["sysctls", ({ securityContext }) => (securityContext?.sysctls ?? []).length === 0],
];

/** A container's own word goes before that of its pod. */
function effective(container: Container, pod: PodSpec): SecurityContext {
  return { ...pod.securityContext, ...container.securityContext };
}

const CONTAINER_RULES: readonly Rule<Container>[] = [
  ["host ports", ({ ports = [] }) => ports.every(({ hostPort = 0 }) => hostPort === 0)],
  ["privileged", ({ securityContext }) => securityContext?.privileged !== true],
  [
    "privilege escalation",
    ({ securityContext }) => securityContext?.allowPrivilegeEscalation === false,
  ],
  ["/proc mount type", (each) => [undefined, "Default"].includes(each.securityContext?.procMount)],
  ["running as non-root", (each, pod) => effective(each, pod).runAsNonRoot === true],
  ["running as non-root user", (each, pod) => effective(each, pod).runAsUser !== 0],
  [
    "seccomp",
    (each, pod) =>
      ["RuntimeDefault", "Localhost"].includes(effective(each, pod).seccompProfile?.type ?? ""),
  ],
  [
    "capabilities",
    ({ securityContext }) =>
      (securityContext?.capabilities?.drop ?? []).includes("ALL") &&
      (securityContext?.capabilities?.add ?? []).every((name) => name === "NET_BIND_SERVICE"),
  ],
  [
    "AppArmor",
    (each, pod) =>
      [undefined, "RuntimeDefault", "Localhost"].includes(
        effective(each, pod).appArmorProfile?.type,
      ),
  ],
  ["SELinux", (each, pod) => effective(each, pod).seLinuxOptions === undefined],
  ["HostProcess", (each, pod) => effective(each, pod).windowsOptions === undefined],
];

/**
 * The rules of the profile "restricted" that a pod breaks, after "Pod Security Standards" in the
 * documentation of Kubernetes. Where that allows some values of SELinux and sysctls, none is allowed here.
 */
export function brokenRules(pod: PodSpec): readonly string[] {
  const containers = [...pod.containers, ...pod.initContainers ?? []];
  return [
    ...POD_RULES.filter(([, holds]) => !holds(pod, pod)),
    ...CONTAINER_RULES.filter(([, holds]) => !containers.every((each) => holds(each, pod))),
  ].map(([name]) => name);
}
