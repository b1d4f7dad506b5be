/** An API server of Kubernetes with the built-in kinds of the manifests, and no Prometheus Operator. */
export interface KubernetesApi extends AsyncDisposable {
  readonly url: string;
  /** The paths of what was created, in order. */
  readonly created: readonly string[];
}

/** What kubectl asks first: the versions, and the kinds of each. */
const DISCOVERY: Readonly<Record<string, unknown>> = {
  "/api": { kind: "APIVersions", versions: ["v1"] },
  "/apis": {
    kind: "APIGroupList",
    apiVersion: "v1",
    groups: [{ name: "apps", versions: [{ groupVersion: "apps/v1", version: "v1" }] }],
  },
  "/api/v1": resources("v1", { name: "namespaces", kind: "Namespace", namespaced: false }),
  "/apis/apps/v1": resources("apps/v1", {
    name: "daemonsets",
    kind: "DaemonSet",
    namespaced: true,
  }),
};

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

function resources(groupVersion: string, resource: Resource): unknown {
  const verbs = ["get", "create", "patch", "delete"];
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion,
    resources: [{ ...resource, verbs }],
  };
}

/** Starts the server on a free port. It has no objects, accepts each that is created, and checks none. */
export function kubernetesApi(): KubernetesApi {
  const created: string[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      const known = DISCOVERY[pathname];
      if (known !== undefined) return Response.json(known);
      if (request.method !== "POST") {
        const status = { kind: "Status", apiVersion: "v1", status: "Failure", reason: "NotFound" };
        return Response.json({ ...status, code: 404 }, { status: 404 });
      }
      created.push(pathname);
      return Response.json(await request.json(), { status: 201 });
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    created,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
