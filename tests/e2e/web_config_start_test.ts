import { hashSync } from "bcryptjs";
import { assertEquals, assertMatch } from "../support/assert.ts";
import { LOOPBACK, makeAuthority, openssl } from "../support/certificates.ts";
import { program, testNeeding } from "../support/needs.ts";
import { runExporter } from "../support/program.ts";
import { tempDir } from "../support/temp_dir.ts";
import { startWith, webConfigPath } from "../support/web_config_file.ts";

/** Texts of a configuration that cannot be used, and what the only line says. */
const BROKEN: readonly (readonly [string, RegExp])[] = [
  ["- a", /web\.yml for --web\.config\.file: the file must be a mapping$/],
  ["tls: {}", /web\.yml for --web\.config\.file: unknown key "tls"$/],
  ["tls_server_config: {cert_file: none.pem, key_file: k}", /\/none\.pem for .*: missing: /],
  ["tls_server_config: {cert_file: ., key_file: k}", /not_regular: it is a directory$/],
  ["basic_auth_users: {alice: Tr0ub4dor}", /the password of user "alice" is not a bcrypt hash$/],
];

for (const mode of [[], ["--healthcheck"]]) {
  for (const [text, expected] of BROKEN) {
    Deno.test(`${mode.join()} with ${text}: exit 2 and one line`, async () => {
      await using dir = await tempDir();
      await Deno.writeTextFile(webConfigPath(dir), text);
      const args = [...mode, "--web.listen-address=127.0.0.1:0"];
      const { code, stdout, stderr } = await runExporter([
        ...args,
        `--web.config.file=${webConfigPath(dir)}`,
      ]);
      assertEquals([code, stdout, stderr.split("\n").length], [2, "", 2], stderr);
      assertMatch(
        stderr.trimEnd(),
        /^unix-user-exporter: cannot use \/\S+ for --web\.config\.file: /,
      );
      assertMatch(stderr.trimEnd(), expected);
    });
  }
}

testNeeding(
  [program("openssl")],
  "unsupported keys: exit 2, one line",
  async () => {
    await using dir = await tempDir();
    const [cert, key, locked] = [dir.join("c.pem"), dir.join("k.pem"), dir.join("locked.pem")];
    const files = ["-subj", "/CN=x", "-nodes", "-keyout", key, "-out", cert];
    await Deno.writeTextFile(
      webConfigPath(dir),
      `tls_server_config: {cert_file: c.pem, key_file: k.pem}`,
    );
    const start = (): ReturnType<typeof runExporter> =>
      runExporter([
        "--web.listen-address=127.0.0.1:0",
        `--web.config.file=${webConfigPath(dir)}`,
      ]);
    for (
      const kind of [
        ["rsa:1024"],
        ["ec", "-pkeyopt", "ec_paramgen_curve:secp256k1"],
        ["ed448"],
      ]
    ) {
      await openssl("req", "-x509", "-newkey", ...kind, ...files);
      const { code, stderr } = await start();
      assertEquals([code, stderr.split("\n").length], [2, 2], stderr);
      assertMatch(
        stderr,
        /\/k\.pem for .*: the key must be RSA with 2048 to 8192 bits, P-256, .* Ed25519$/m,
      );
    }
    await openssl("req", "-x509", "-newkey", "ed25519", ...files);
    await openssl("pkey", "-in", key, "-aes128", "-passout", "pass:Tr0ub4dor", "-out", locked);
    await Deno.rename(locked, key);
    const { code, stderr } = await start();
    assertEquals([code, stderr.split("\n").length], [2, 2], stderr);
    assertMatch(stderr, /\/k\.pem for .*: the file contains no unencrypted private key$/m);
  },
);

testNeeding(
  [program("openssl")],
  "--healthcheck uses TLS, users and client certificates from the same file",
  async () => {
    await using dir = await tempDir();
    const ca = await makeAuthority(dir);
    const { cert, key } = await ca.issue("server", { names: LOOPBACK, usage: "serverAuth" });
    const tls = { cert_file: cert, key_file: key };
    const users = { basic_auth_users: { alice: hashSync("Tr0ub4dor", 4) } };
    const verified = { client_auth_type: "RequireAndVerifyClientCert", client_ca_file: ca.cert };
    for (
      const config of [
        users,
        { rate_limit: { interval: "1h", burst: 1 } },
        { tls_server_config: tls },
        { tls_server_config: tls, ...users },
        { tls_server_config: { ...tls, max_version: "TLS12" } },
        { tls_server_config: { ...tls, client_auth_type: "RequireAnyClientCert" } },
        { tls_server_config: { ...tls, ...verified } },
        { tls_server_config: { ...tls, ...verified, max_version: "TLS12" }, ...users },
      ]
    ) {
      await using exporter = await startWith(dir, config);
      const args = ["--healthcheck", `--web.config.file=${webConfigPath(dir)}`];
      const address = `--web.listen-address=127.0.0.1:${exporter.port}`;
      for (const _ of args) {
        assertEquals(
          await runExporter([...args, address]),
          { code: 0, stdout: "healthy\n", stderr: "" },
          JSON.stringify(config),
        );
      }
    }
  },
);
