import { assertEquals } from "../support/assert.ts";
import { openssl } from "../support/certificates.ts";
import { startExporter } from "../support/exporter.ts";
import { program, testNeeding } from "../support/needs.ts";
import { fixture, type TempDir, tempDir } from "../support/temp_dir.ts";
import { tlsGet } from "../support/tls_get.ts";
import { webConfigPath } from "../support/web_config_file.ts";

const PAIR = ["tls_server_config:", "  cert_file: c.pem", "  key_file: k.pem"].join("\n");

/** Configurations that exporter-toolkit starts with, and on how many of their settings there is a line. */
const CONFIGS: Readonly<Record<string, readonly [text: string, notes: number]>> = {
  "cipher_suites is empty": [`${PAIR}\n  cipher_suites: []`, 0],
  "cipher_suites has one suite": [
    `${PAIR}\n  cipher_suites:\n    - TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`,
    1,
  ],
  "client_ca_file is null": [`${PAIR}\n  client_ca_file: null`, 0],
  "http2 is False": ["http_server_config:\n  http2: False", 0],
  "http2 is true": [`${PAIR}\nhttp_server_config:\n  http2: true`, 1],
  "min_version is TLS10": [`${PAIR}\n  min_version: TLS10`, 1],
  "prefer_server_cipher_suites is true": [`${PAIR}\n  prefer_server_cipher_suites: true`, 0],
  "basic_auth_users is null": ["basic_auth_users: null", 0],
  "VerifyClientCertIfGiven has no CA": [`${PAIR}\n  client_auth_type: VerifyClientCertIfGiven`, 1],
};

/** Starts with a configuration, scrapes twice, and gives the lines about settings. */
async function notesOf(dir: TempDir, text: string): Promise<readonly string[]> {
  await Deno.writeTextFile(webConfigPath(dir), text);
  const utmp = fixture("x86_64.utmp").pathname;
  const args = [`--utmp-path=${utmp}`, `--web.config.file=${webConfigPath(dir)}`];
  await using exporter = await startExporter(args);
  const ca = await Deno.readTextFile(dir.join("c.pem"));
  for (let i = 0; i < 2; i++) {
    if (text.includes(PAIR)) assertEquals((await tlsGet(exporter.port, { ca })).status, 200);
    else await exporter.scrape();
  }
  const { code, stderr } = await exporter.stop();
  assertEquals(code, 0, stderr);
  return stderr.split("\n").filter((line) => line.includes("has a different effect"));
}

for (const [what, [text, notes]] of Object.entries(CONFIGS)) {
  testNeeding([program("openssl")], `starts and answers where ${what}`, async () => {
    await using dir = await tempDir();
    const files = ["-keyout", dir.join("k.pem"), "-out", dir.join("c.pem")];
    const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    await openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", ...names, ...files);
    assertEquals((await notesOf(dir, text)).length, notes);
  });
}
