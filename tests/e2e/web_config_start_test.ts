import { hashSync } from "bcryptjs";
import { assertEquals, assertMatch } from "../support/assert.ts";
import { openssl } from "../support/certificates.ts";
import { startExporter } from "../support/exporter.ts";
import { program, testNeeding } from "../support/needs.ts";
import { type Finished, runExporter } from "../support/program.ts";
import { fixture, type TempDir, tempDir } from "../support/temp_dir.ts";
import { testTls } from "../support/tls_site.ts";
import { startWith, webConfigPath } from "../support/web_config_file.ts";

/** Invalid configurations, and the end of the only line. */
const BROKEN: readonly (readonly [string, RegExp])[] = [
  ["- a", /web\.yml for --web\.config\.file: the file must be a mapping$/],
  ["tls: {}", /web\.yml for --web\.config\.file: unknown key "tls"$/],
  ["tls_server_config: {cert_file: none.pem, key_file: k}", /\/none\.pem for .*: missing: /],
  ["tls_server_config: {cert_file: ., key_file: k}", /not_regular: it is a directory$/],
  ["basic_auth_users: {alice: Tr0ub4dor}", /the password of user "alice" is not a bcrypt hash$/],
];

function flagOf(dir: TempDir): string {
  return `--web.config.file=${webConfigPath(dir)}`;
}

function runWith(dir: TempDir, ...args: readonly string[]): Promise<Finished> {
  return runExporter([...args, "--web.listen-address=127.0.0.1:0", flagOf(dir)]);
}

for (const mode of [[], ["--healthcheck"]]) {
  for (const [text, expected] of BROKEN) {
    Deno.test(`${mode.join()} with ${text}: exit 2 and one line`, async () => {
      await using dir = await tempDir();
      await Deno.writeTextFile(webConfigPath(dir), text);
      const { code, stdout, stderr } = await runWith(dir, ...mode);
      assertEquals([code, stdout, stderr.split("\n").length], [2, "", 2], stderr);
      assertMatch(stderr, /^unix-user-exporter: cannot use \/\S+ for --web\.config\.file: /);
      assertMatch(stderr.trimEnd(), expected);
    });
  }
}

testNeeding([program("openssl")], "unsupported keys: exit 2, one line", async () => {
  await using dir = await tempDir();
  const [cert, key, locked] = [dir.join("c.pem"), dir.join("k.pem"), dir.join("locked.pem")];
  const files = ["-subj", "/CN=x", "-nodes", "-keyout", key, "-out", cert];
  const text = "tls_server_config: {cert_file: c.pem, key_file: k.pem}";
  await Deno.writeTextFile(webConfigPath(dir), text);
  const assertRefused = async (expected: RegExp): Promise<void> => {
    const { code, stderr } = await runWith(dir);
    assertEquals([code, stderr.split("\n").length], [2, 2], stderr);
    assertMatch(stderr, expected);
  };
  const kinds = [["rsa:1024"], ["ec", "-pkeyopt", "ec_paramgen_curve:secp256k1"], ["ed448"]];
  for (const kind of kinds) {
    await openssl("req", "-x509", "-newkey", ...kind, ...files);
    await assertRefused(
      /\/k\.pem for .*: the key must be RSA with 2048 to 8192 bits, P-256, .* Ed25519$/m,
    );
  }
  await openssl("req", "-x509", "-newkey", "ed25519", ...files);
  await openssl("pkey", "-in", key, "-aes128", "-passout", "pass:Tr0ub4dor", "-out", locked);
  await Deno.rename(locked, key);
  await assertRefused(/\/k\.pem for .*: the file contains no unencrypted private key$/m);
});

const SUITE = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";

for (
  const [settings, rest, notes] of [
    ["cipher_suites: [], client_ca_file: null", "http_server_config: {http2: False}", 0],
    ["prefer_server_cipher_suites: true", "basic_auth_users: null", 0],
    [`min_version: TLS10, cipher_suites: [${SUITE}]`, "http_server_config: {http2: true}", 3],
    ["client_auth_type: VerifyClientCertIfGiven", "{}", 1],
  ] as const
) {
  testTls(`${settings} with ${rest}: ${notes} lines in the log`, async ({ dir, scrape }) => {
    const tls = `tls_server_config: {cert_file: server.pem, key_file: server.key, ${settings}}`;
    await Deno.writeTextFile(webConfigPath(dir), rest === "{}" ? tls : `${tls}\n${rest}`);
    const utmp = `--utmp-path=${fixture("x86_64.utmp").pathname}`;
    await using exporter = await startExporter([utmp, flagOf(dir)]);
    for (let i = 0; i < 2; i++) assertEquals((await scrape(exporter))?.status, 200);
    const { code, stderr } = await exporter.stop();
    assertEquals(code, 0, stderr);
    assertEquals(stderr.match(/has a different effect/g)?.length ?? 0, notes, stderr);
  });
}

testTls("--healthcheck uses TLS, users and client certificates of the file", async (site) => {
  const tls = site.config();

  const users = { basic_auth_users: { alice: hashSync("Tr0ub4dor", 4) } };
  const verified = {
    client_auth_type: "RequireAndVerifyClientCert",
    client_ca_file: site.ca.cert,
  };
  for (
    const config of [
      users,
      { rate_limit: { interval: "1h", burst: 1 } },
      tls,
      { ...tls, ...users },
      site.config({ max_version: "TLS12" }),
      site.config({ client_auth_type: "RequireAnyClientCert" }),
      site.config(verified),
      { ...site.config({ ...verified, max_version: "TLS12" }), ...users },
    ]
  ) {
    await using exporter = await startWith(site.dir, config);
    const address = `--web.listen-address=127.0.0.1:${exporter.port}`;
    for (let i = 0; i < 2; i++) {
      assertEquals(
        await runExporter(["--healthcheck", flagOf(site.dir), address]),
        { code: 0, stdout: "healthy\n", stderr: "" },
        JSON.stringify(config),
      );
    }
  }
});
