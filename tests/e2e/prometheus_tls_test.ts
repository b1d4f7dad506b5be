import { hashSync } from "bcryptjs";
import { assertEquals } from "../support/assert.ts";
import { LOOPBACK, makeAuthority } from "../support/certificates.ts";
import { program, testNeeding } from "../support/needs.ts";
import { startPrometheus } from "../support/prometheus.ts";
import { tempDir } from "../support/temp_dir.ts";
import { startWith } from "../support/web_config_file.ts";

const NEEDS = [program("prometheus"), program("openssl")];

testNeeding(NEEDS, "Prometheus needs a user and a client certificate to scrape", async () => {
  await using dir = await tempDir();
  const ca = await makeAuthority(dir);
  const server = await ca.issue("server", { names: LOOPBACK, usage: "serverAuth" });
  const client = await ca.issue("client", { names: ["DNS.1 = prometheus.test"] });
  await using exporter = await startWith(dir, {
    tls_server_config: {
      cert_file: server.cert,
      key_file: server.key,
      client_auth_type: "RequireAndVerifyClientCert",
      client_ca_file: ca.cert,
      client_allowed_sans: ["prometheus.test"],
      min_version: "TLS13",
    },
    basic_auth_users: { prometheus: hashSync("Tr0ub4dor", 10) },
    http_server_config: { http2: false },
  });
  const job = {
    scheme: "https",
    basic_auth: { username: "prometheus", password: "Tr0ub4dor" },
    tls_config: { ca_file: ca.cert, cert_file: client.cert, key_file: client.key },
  };
  {
    await using prometheus = await startPrometheus(dir, [exporter.port], { settings: job });
    await prometheus.untilIs("up", 1);
    await prometheus.untilIs("unix_users_logged_in_total", 3);
    const [target] = await prometheus.targets();
    assertEquals([target?.health, target?.lastError], ["up", ""]);
  }
  const anonymous = { ...job, tls_config: { ca_file: ca.cert } };
  await using refused = await startPrometheus(dir, [exporter.port], { settings: anonymous });
  await refused.untilIs("up", 0);
});
