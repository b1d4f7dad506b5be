import { OPTIONS } from "../../lib/cli/options.ts";
import { assert, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { program, testNeeding } from "../support/needs.ts";
import { run } from "../support/program.ts";
import { tempDir } from "../support/temp_dir.ts";

/** What promtool says of a configuration of Prometheus. */
async function check(path: string): Promise<string> {
  const { code, stdout, stderr } = await run(["promtool", "check", "config", path]);
  return `${code}\n${stdout}${stderr}`;
}

for (const name of ["static", "file_sd"]) {
  testNeeding([program("promtool")], `promtool accepts prometheus/${name}.yml`, async () => {
    assertMatch(await check(`prometheus/${name}.yml`), /^0\n[^]*SUCCESS/);
  });
}

Deno.test("no scrape that --sessions.max-series allows is above the limit of samples", async () => {
  const text = await Deno.readTextFile("prometheus/file_sd.yml");
  const limit = Number(/^ +sample_limit: (\d+)$/m.exec(text)?.[1]);
  const cap = Number(OPTIONS["sessions.max-series"].defaultValue);
  // Of each session its info, login and idle time; its user; its origin. A host has some dozens besides.
  assert(limit > 5 * cap + 100, `${limit} for ${cap}`);
});

testNeeding([program("promtool")], "promtool accepts prometheus/kubernetes.yml", async () => {
  const path = "prometheus/kubernetes.yml";
  const verdict = await check(path);
  if (!verdict.includes("field kubernetes_sd_configs not found")) {
    return assertMatch(verdict, /^0\n[^]*SUCCESS/);
  }
  // Debian's promtool is built without Kubernetes: the rest of the file goes through it, and what it does
  // not know is compared as it stands.
  const discovery = `    kubernetes_sd_configs:
      - role: pod
        namespaces:
          names: [unix-user-exporter]
`;
  const text = await Deno.readTextFile(path);
  assertStringIncludes(text, discovery);
  await using dir = await tempDir();
  const rest = dir.join("prometheus.yml");
  const targets = `    static_configs: [{ targets: ["localhost:32142"] }]\n`;
  await Deno.writeTextFile(rest, text.replace(discovery, targets));
  assertMatch(await check(rest), /^0\n[^]*SUCCESS/);
});
