import { assertEquals } from "../support/assert.ts";
import { LOOPBACK, makeAuthority } from "../support/certificates.ts";
import { program, testNeeding } from "../support/needs.ts";
import { connect, parse, receive, send } from "../support/raw_http.ts";
import { tempDir } from "../support/temp_dir.ts";
import { startWith, type WebConfigData } from "../support/web_config_file.ts";

const REQUEST = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";

/** Sends a request, closes that half of the connection, and reads the status of the answer. */
async function statusOf(connection: Deno.TcpConn | Deno.TlsConn): Promise<number> {
  await send(connection, REQUEST);
  await connection.closeWrite();
  return parse(await receive(connection)).status;
}

Deno.test("a client that closes its half after the request gets its response", async () => {
  await using dir = await tempDir();
  const config: WebConfigData = { http_server_config: { headers: { "X-Frame-Options": "deny" } } };
  await using exporter = await startWith(dir, config);
  using connection = await connect(exporter.port);
  assertEquals(await statusOf(connection), 200);
});

testNeeding([program("openssl")], "so does one that speaks TLS", async () => {
  await using dir = await tempDir();
  const ca = await makeAuthority(dir);
  const { cert, key } = await ca.issue("server", { names: LOOPBACK, usage: "serverAuth" });
  await using exporter = await startWith(dir, {
    tls_server_config: { cert_file: cert, key_file: key },
  });
  using connection = await Deno.connectTls({
    hostname: "localhost",
    port: exporter.port,
    caCerts: [await Deno.readTextFile(ca.cert)],
  });
  assertEquals(await statusOf(connection), 200);
});
