import { compareSync } from "bcryptjs";
import { parseWebConfig, type WebConfig } from "../../lib/web_config/parse.ts";
import { assert, assertEquals, fail } from "../support/assert.ts";
import { LOOPBACK, makeAuthority } from "../support/certificates.ts";
import { curl, showing } from "../support/curl.ts";
import { startExporter } from "../support/exporter.ts";
import { program, testNeeding } from "../support/needs.ts";
import { succeed } from "../support/succeed.ts";
import { fixture, tempDir } from "../support/temp_dir.ts";
import { webConfigPath } from "../support/web_config_file.ts";

const EXAMPLE = new URL("../../web-config.example.yml", import.meta.url);

/** The keys that are comments in the example, since old versions of promtool refuse them. */
const COMMENTED =
  /^( *)# (client_allowed_sans:| {2}- .*|rate_limit:| {2}interval: .*| {2}burst: .*)$/gm;

function parsed(text: string): WebConfig {
  const outcome = parseWebConfig(text);
  return outcome.ok ? outcome.value : fail(outcome.error);
}

Deno.test("the example is a valid configuration, with and without its comments", async () => {
  const text = await Deno.readTextFile(EXAMPLE);
  const { tls, rateLimit, users } = parsed(text);
  assertEquals([tls?.clientAuth, tls?.allowedSans], ["RequireAndVerifyClientCert", null]);
  assertEquals(rateLimit, null);
  assert(compareSync("change-me", users.get("prometheus") ?? ""));
  const whole = parsed(text.replaceAll(COMMENTED, "$1$2"));
  assertEquals(whole.tls?.allowedSans, ["prometheus.example.org"]);
  assertEquals(whole.rateLimit, { interval: 1_000, burst: 20 });
});

const NEEDS = [program("promtool"), program("openssl"), program("curl")];

testNeeding(NEEDS, "promtool accepts the example, and the exporter uses it", async () => {
  await using dir = await tempDir();
  const ca = await makeAuthority(dir, "clients");
  await ca.issue("server", { names: LOOPBACK, usage: "serverAuth" });
  const client = await ca.issue("client", { names: ["DNS.1 = prometheus.example.org"] });
  const path = webConfigPath(dir);
  const text = await Deno.readTextFile(EXAMPLE);
  await Deno.writeTextFile(path, text);
  await succeed("promtool", "check", "web-config", path);
  for (const served of [text, text.replaceAll(COMMENTED, "$1$2")]) {
    await Deno.writeTextFile(path, served);
    await using exporter = await startExporter([
      `--utmp-path=${fixture("x86_64.utmp").pathname}`,
      `--web.config.file=${path}`,
    ]);
    const url = `https://localhost:${exporter.port}/metrics`;
    const options = ["--cacert", ca.cert, "--user", "prometheus:change-me"];
    const answer = await curl(url, ...options, ...showing(client));
    assertEquals(answer?.status, 200);
    assertEquals(answer?.headers.get("strict-transport-security"), "max-age=31536000");
    assertEquals(await curl(url, ...options), null);
  }
});
