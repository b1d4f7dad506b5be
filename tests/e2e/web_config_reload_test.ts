import { hashSync } from "bcryptjs";
import { SETTLING_TIME } from "../../lib/files/file_version.ts";
import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { get } from "../support/get.ts";
import { linesWith } from "../support/log_lines.ts";
import { valueOf } from "../support/samples.ts";
import { tempDir } from "../support/temp_dir.ts";
import { until } from "../support/wait.ts";
import { GOOD, startWith, webConfigPath, writeWebConfig } from "../support/web_config_file.ts";

const HASH = hashSync("Tr0ub4dor", 4);
const CONFIG = { basic_auth_users: { alice: HASH } };
const AS_ALICE = { authorization: `Basic ${btoa("alice:Tr0ub4dor")}` };

Deno.test("a broken file leaves the previous configuration active and is logged once", async () => {
  await using dir = await tempDir();
  await using exporter = await startWith(dir, CONFIG);
  const url = `http://127.0.0.1:${exporter.port}/metrics`;
  const good = async (): Promise<number> => valueOf((await get(url, AS_ALICE)).body, GOOD);
  const untilReload = async (value: number): Promise<void> => {
    await until(`${GOOD} ${value}`, async () => (await good()) === value ? true : null);
    // Each scrape checks the file again, and logs nothing again.
    assertEquals([await good(), await good()], [value, value]);
    assertEquals((await get(url)).status, 401);
  };
  await untilReload(1);
  for (
    const [broken, expected] of [
      [`basic_auth_users: {alice: ${HASH}`, /\/web\.yml error="invalid YAML: .* advice=/],
      ["tls_server_config: {cert_file: a, key_file: b}", /\/a error="missing: .* advice=/],
    ] as const
  ) {
    await Deno.writeTextFile(webConfigPath(dir), broken);
    await untilReload(0);
    assertMatch(await exporter.line(expected), /level=error .* path=\S+ error=/);
    await writeWebConfig(dir, CONFIG);
    await untilReload(1);
  }
  const { stderr } = await exporter.stop();
  assertEquals(linesWith(stderr, "cannot use the web configuration").length, 2, stderr);
  assertEquals(linesWith(stderr, "web configuration reloaded").length, 2, stderr);
  assert(!stderr.includes(HASH), stderr);
});

Deno.test("access does not change while the file is being written", async () => {
  await using dir = await tempDir();
  await using exporter = await startWith(dir, CONFIG);
  const url = `http://127.0.0.1:${exporter.port}/metrics`;
  const text = JSON.stringify(CONFIG);
  const parts = [0, text.length / 2, text.length].map((length) => text.slice(0, length));
  // Longer than an unchanged file takes to be reloaded.
  const end = performance.now() + 1.5 * SETTLING_TIME;
  while (performance.now() < end) {
    for (const part of parts) {
      await Deno.writeTextFile(webConfigPath(dir), part);
      const answers = [await get(url), await get(url, AS_ALICE)];
      assertEquals(answers.map(({ status }) => status), [401, 200]);
    }
  }
  const { stderr } = await exporter.stop();
  assertEquals(linesWith(stderr, "cannot use the web configuration"), []);
});

Deno.test("the rate limit changes with the file", async () => {
  await using dir = await tempDir();
  await using exporter = await startWith(dir, {});
  const url = `http://127.0.0.1:${exporter.port}/-/healthy`;
  for (
    const [config, status] of [
      [{}, 200],
      [{ rate_limit: { interval: "1h", burst: 3 } }, 429],
      [{}, 200],
    ] as const
  ) {
    await writeWebConfig(dir, config);
    await until(`${status}`, async () => (await get(url)).status === status ? true : null);
  }
});
