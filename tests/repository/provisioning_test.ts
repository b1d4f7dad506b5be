import { load } from "js-yaml";
import { assert, assertEquals } from "../support/assert.ts";
import { DASHBOARD_PATHS } from "../support/dashboard_schema.ts";

const FOLDER = "dashboards";

async function readYaml(path: string): Promise<unknown> {
  return load(await Deno.readTextFile(`${FOLDER}/${path}`));
}

Deno.test("the provider of Grafana reads the folder that the README fills", async () => {
  const readme = await Deno.readTextFile(`${FOLDER}/README.md`);
  const path = "/var/lib/grafana/dashboards/unix-users";
  assert(readme.includes(`install -m 644 dashboards/*.json ${path}/`));
  assertEquals(await readYaml("provisioning/dashboards/unix-users.yaml"), {
    apiVersion: 1,
    providers: [{
      name: "unix-user-exporter",
      type: "file",
      folder: "Unix users",
      allowUiUpdates: false,
      updateIntervalSeconds: 30,
      options: { path },
    }],
  });
  const found: string[] = [];
  for await (const { name } of Deno.readDir(FOLDER)) if (name.endsWith(".json")) found.push(name);
  assertEquals(found.sort().map((name) => `${FOLDER}/${name}`), DASHBOARD_PATHS.toSorted());
});

Deno.test("the data source is of the type that the dashboards ask for", async () => {
  assertEquals(await readYaml("provisioning/datasources/prometheus.yaml"), {
    apiVersion: 1,
    datasources: [{
      name: "Prometheus",
      type: "prometheus",
      access: "proxy",
      url: "http://localhost:9090",
      isDefault: true,
      jsonData: { timeInterval: "30s" },
    }],
  });
});

Deno.test("the ConfigMap has every dashboard and the label of the sidecar", async () => {
  assertEquals(await readYaml("kustomization.yaml"), {
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    configMapGenerator: [{
      name: "unix-user-exporter-dashboards",
      files: DASHBOARD_PATHS.map((path) => path.slice(FOLDER.length + 1)),
      options: { disableNameSuffixHash: true, labels: { grafana_dashboard: "1" } },
    }],
  });
});
