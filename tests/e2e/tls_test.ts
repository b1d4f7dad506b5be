import { assert, assertEquals } from "../support/assert.ts";
import { type Authority, makeAuthority, type Pair } from "../support/certificates.ts";
import { curl, showing } from "../support/curl.ts";
import { Peer } from "../support/peer.ts";
import { run } from "../support/program.ts";
import { connect, exchange, parse, receive, send } from "../support/raw_http.ts";
import { testTls } from "../support/tls_site.ts";
import { until } from "../support/wait.ts";
import { startWith, type WebConfigData, writeWebConfig } from "../support/web_config_file.ts";

/** The suites of TLS 1.2 for the keys that these tests make, as openssl and as Go name them. */
const SUITES = {
  "ECDHE-ECDSA-AES128-GCM-SHA256": "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384": "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305": "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
};
const OFFERED = Object.values(SUITES);

/** Whether openssl gets a connection with a version and a list of ciphers. */
async function connects(port: number, version: string, ciphers = "ALL"): Promise<boolean> {
  const address = ["-connect", `127.0.0.1:${port}`, `-${version}`, "-brief"];
  const words = ["openssl", "s_client", ...address, "-cipher", `${ciphers}:@SECLEVEL=0`];
  return (await run(words)).code === 0;
}

/** The versions that the server accepts, of the last three. */
async function versionsOf(port: number): Promise<readonly string[]> {
  const runs = ["tls1_1", "tls1_2", "tls1_3"].map(async (version) =>
    await connects(port, version) ? [version] : []
  );
  return (await Promise.all(runs)).flat();
}

for (
  const [limits, expected] of [
    [{}, ["tls1_2", "tls1_3"]],
    [{ min_version: "TLS12" }, ["tls1_2", "tls1_3"]],
    [{ min_version: "TLS13" }, ["tls1_3"]],
    [{ max_version: "TLS12" }, ["tls1_2"]],
    [{ min_version: "TLS12", max_version: "TLS13" }, ["tls1_2", "tls1_3"]],
    [{ min_version: "TLS10" }, ["tls1_2", "tls1_3"]],
    [{ cipher_suites: OFFERED }, ["tls1_2", "tls1_3"]],
    [{ cipher_suites: OFFERED, max_version: "TLS12" }, ["tls1_2"]],
    [{ cipher_suites: OFFERED.slice(1) }, ["tls1_3"]],
  ] as const
) {
  testTls(`versions with ${JSON.stringify(limits)}: ${expected.join(", ")}`, async (site) => {
    await using exporter = await site.start(limits);
    assertEquals(await versionsOf(exporter.port), [...expected]);
  });
}

testTls("TLS 1.2 has these suites and no others", async ({ start }) => {
  await using exporter = await start();
  const { stdout } = await run(["openssl", "ciphers", "-s", "-tls1_2", "ALL:@SECLEVEL=0"]);
  const found: string[] = [];
  for (const suite of stdout.trim().split(":")) {
    if (await connects(exporter.port, "tls1_2", suite)) found.push(suite);
  }
  assertEquals(found.sort(), Object.keys(SUITES).sort());
});

testTls("the offered versions change with the file", async ({ dir, config, start }) => {
  await using exporter = await start();
  assertEquals(await versionsOf(exporter.port), ["tls1_2", "tls1_3"]);
  await writeWebConfig(dir, config({ min_version: "TLS13" }));
  await until("TLS 1.3 alone", async () => {
    return (await versionsOf(exporter.port)).join() === "tls1_3" ? true : null;
  });
});

testTls("HTTP on the TLS port gets an error, TLS on the HTTP port nothing", async (site) => {
  await using secure = await site.start();
  const request = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  for (
    const text of [request, request.slice(0, 3), `POST / HTTP/1.1\r\n\r\n${"x".repeat(1e4)}`]
  ) {
    const { status, body } = await exchange(secure.port, text);
    assertEquals([status, body], [400, "Client sent an HTTP request to an HTTPS server.\n"]);
  }
  assertEquals((await site.scrape(secure))?.status, 200);
  await using open = await startWith(site.dir, {});
  assertEquals(await site.scrape(open), null);
  assertEquals((await curl(`http://localhost:${open.port}/metrics`))?.status, 200);
});

testTls("HEAD and several requests on a connection work over TLS", async ({ ca, ...site }) => {
  await using exporter = await site.start();
  const head = await site.scrape(exporter, "--head");
  assertEquals([head?.status, head?.body], [200, ""]);
  assert(Number(head?.headers.get("content-length")) > 0);
  const url = `https://localhost:${exporter.port}/metrics`;
  const twice = [url, "-o", "/dev/null", url, "-o", "/dev/null", "-w", "%{num_connects}\\n"];
  const { stdout } = await run(["curl", "-qsS", "--cacert", ca.cert, ...twice]);
  assertEquals(stdout, "1\n0\n");
});

testTls("a client that closes its half after the request gets its response", async (site) => {
  await using exporter = await site.start();
  const caCerts = [await Deno.readTextFile(site.ca.cert)];
  const address = { hostname: "localhost", port: exporter.port };
  using connection = await Deno.connectTls({ ...address, caCerts });
  await send(connection, "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await connection.closeWrite();
  assertEquals(parse(await receive(connection)).status, 200);
});

testTls("clients that send nothing are disconnected and do not block others", async (site) => {
  await using exporter = await site.start();
  using silent = await connect(exporter.port);
  assertEquals((await site.scrape(exporter))?.status, 200);
  // The limit of a handshake is 10 s.
  const end = await until("the end of a connection", () =>
    silent.read(new Uint8Array(1)).then(
      (count) => count ?? 0,
      () => 0,
    ));
  assertEquals(end, 0);
});

/** Gets /-/healthy with openssl: whether the session is `New` or `Reused`, and the answer if there is one. */
async function healthWith(port: number, options: readonly string[]): Promise<readonly string[]> {
  const words = ["openssl", "s_client", "-connect", `127.0.0.1:${port}`, "-ign_eof", ...options];
  await using client = new Peer(words);
  const [, kind = ""] = await client.printed(/^(New|Reused), TLSv1\.\d/m);
  // The connection may be closed already.
  await client.type("GET /-/healthy HTTP/1.0\r\n\r\n").catch(() => {});
  await client.ended();
  const [answer] = await client.printed(/Healthy|$/);
  return [kind, answer];
}

for (const version of ["tls1_2", "tls1_3"]) {
  testTls(`a session (${version}) ends with the authority of its client`, async (site) => {
    const { dir, ca, config } = site;
    const other = await makeAuthority(dir, "other-ca");
    const requiring = ({ cert }: Authority): WebConfigData =>
      config({ client_auth_type: "RequireAndVerifyClientCert", client_ca_file: cert });
    await using exporter = await startWith(dir, requiring(ca));
    const [before, after] = [await ca.issue("before"), await other.issue("after")];
    const talk = (
      { cert, key }: Pair,
      kind: "-sess_out" | "-sess_in",
    ): Promise<readonly string[]> => {
      const options = [`-${version}`, "-cert", cert, "-key", key, kind, `${key}.session`];
      return healthWith(exporter.port, options);
    };
    assertEquals(await talk(before, "-sess_out"), ["New", "Healthy"]);
    assertEquals(await talk(before, "-sess_in"), ["Reused", "Healthy"]);

    await writeWebConfig(dir, requiring(other));
    await until("the other authority", async () => {
      return (await site.scrape(exporter, ...showing(after)))?.status === 200 ? true : null;
    });
    // Whether the session is resumed or not, there is no response.
    assertEquals((await talk(before, "-sess_in"))[1], "");
    assertEquals(await talk(after, "-sess_out"), ["New", "Healthy"]);
    assertEquals(await talk(after, "-sess_in"), ["Reused", "Healthy"]);
  });
}
