import { assertEquals } from "../support/assert.ts";
import { connect, parse, receive, send } from "../support/raw_http.ts";
import { tempDir } from "../support/temp_dir.ts";
import { testTls } from "../support/tls_site.ts";
import { startWith } from "../support/web_config_file.ts";

/** Sends a request, closes that half of the connection, and reads the status of the answer. */
async function statusOf(connection: Deno.TcpConn | Deno.TlsConn): Promise<number> {
  await send(connection, "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await connection.closeWrite();
  return parse(await receive(connection)).status;
}

Deno.test("a client that closes its half after the request gets its response", async () => {
  await using dir = await tempDir();
  const headers = { "X-Frame-Options": "deny" };
  await using exporter = await startWith(dir, { http_server_config: { headers } });
  using connection = await connect(exporter.port);
  assertEquals(await statusOf(connection), 200);
});

testTls("a TLS client that closes its half gets its response", async ({ ca, start }) => {
  await using exporter = await start();
  const caCerts = [await Deno.readTextFile(ca.cert)];
  const address = { hostname: "localhost", port: exporter.port };
  using connection = await Deno.connectTls({ ...address, caCerts });
  assertEquals(await statusOf(connection), 200);
});
