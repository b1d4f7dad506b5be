import { assert, assertEquals } from "../support/assert.ts";
import { type Authority, LOOPBACK, makeAuthority, type Pair } from "../support/certificates.ts";
import { curl, showing } from "../support/curl.ts";
import { program, testNeeding } from "../support/needs.ts";
import { Peer } from "../support/peer.ts";
import { run } from "../support/program.ts";
import { connect, exchange } from "../support/raw_http.ts";
import { type TempDir, tempDir } from "../support/temp_dir.ts";
import { until } from "../support/wait.ts";
import { startWith, type WebConfigData, writeWebConfig } from "../support/web_config_file.ts";

const NEEDS = [program("openssl"), program("curl")];

/** The suites of TLS 1.2 for the keys that these tests make, as openssl and as Go name them. */
const SUITES = {
  "ECDHE-ECDSA-AES128-GCM-SHA256": "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384": "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305": "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
};
const OFFERED = Object.values(SUITES);

interface Site {
  readonly ca: Authority;
  /** A configuration with this besides the certificate of the server. */
  readonly config: (tls?: WebConfigData) => WebConfigData;
}

async function makeSite(dir: TempDir): Promise<Site> {
  const ca = await makeAuthority(dir);
  const { cert, key } = await ca.issue("server", { names: LOOPBACK, usage: "serverAuth" });
  const config = (tls: WebConfigData = {}): WebConfigData => ({
    tls_server_config: { cert_file: cert, key_file: key, ...tls },
  });
  return { ca, config };
}

/** The versions of TLS with which an answer can be had, of the last three; openssl offers one at a time. */
async function versionsOf(port: number): Promise<readonly string[]> {
  const versions = ["tls1_1", "tls1_2", "tls1_3"];
  const weak = ["-cipher", "ALL:@SECLEVEL=0", "-brief"];
  const runs = versions.map(async (version) => {
    const words = ["openssl", "s_client", "-connect", `127.0.0.1:${port}`, `-${version}`, ...weak];
    return (await run(words)).code === 0 ? [version] : [];
  });
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
  testNeeding(
    NEEDS,
    `versions with ${JSON.stringify(limits)}: ${expected.join(", ")}`,
    async () => {
      await using dir = await tempDir();
      const { config } = await makeSite(dir);
      await using exporter = await startWith(dir, config(limits));
      assertEquals(await versionsOf(exporter.port), [...expected]);
    },
  );
}

testNeeding(NEEDS, "TLS 1.2 has these suites and no others", async () => {
  await using dir = await tempDir();
  const { config } = await makeSite(dir);
  await using exporter = await startWith(dir, config());
  const { stdout } = await run(["openssl", "ciphers", "-s", "-tls1_2", "ALL:@SECLEVEL=0"]);
  const found: string[] = [];
  for (const suite of stdout.trim().split(":")) {
    const connect = ["-connect", `127.0.0.1:${exporter.port}`, "-tls1_2", "-brief"];
    const words = ["openssl", "s_client", ...connect, "-cipher", `${suite}:@SECLEVEL=0`];
    if ((await run(words)).code === 0) found.push(suite);
  }
  assertEquals(found.sort(), Object.keys(SUITES).sort());
});

testNeeding(NEEDS, "the offered versions change with the file", async () => {
  await using dir = await tempDir();
  const { config } = await makeSite(dir);
  await using exporter = await startWith(dir, config());
  assertEquals(await versionsOf(exporter.port), ["tls1_2", "tls1_3"]);
  await writeWebConfig(dir, config({ min_version: "TLS13" }));
  await until(
    "TLS 1.3 alone",
    async () => (await versionsOf(exporter.port)).join() === "tls1_3" ? true : null,
  );
});

testNeeding(
  NEEDS,
  "HTTP on the TLS port gets an error, and TLS on the HTTP port gets nothing",
  async () => {
    await using dir = await tempDir();
    const { ca, config } = await makeSite(dir);
    await using secure = await startWith(dir, config());
    const request = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    for (
      const text of [request, request.slice(0, 3), `POST / HTTP/1.1\r\n\r\n${"x".repeat(1e4)}`]
    ) {
      const { status, body } = await exchange(secure.port, text);
      assertEquals([status, body], [400, "Client sent an HTTP request to an HTTPS server.\n"]);
    }
    const url = `https://localhost:${secure.port}/metrics`;
    assertEquals((await curl(url, "--cacert", ca.cert))?.status, 200);
    await using open = await startWith(dir, {});
    assertEquals(await curl(`https://localhost:${open.port}/metrics`, "--cacert", ca.cert), null);
    assertEquals((await curl(`http://localhost:${open.port}/metrics`))?.status, 200);
  },
);

testNeeding(
  NEEDS,
  "HEAD and several requests on a connection work over TLS",
  async () => {
    await using dir = await tempDir();
    const { ca, config } = await makeSite(dir);
    await using exporter = await startWith(dir, config());
    const url = `https://localhost:${exporter.port}/metrics`;
    const head = await curl(url, "--cacert", ca.cert, "--head");
    assertEquals([head?.status, head?.body], [200, ""]);
    assert(Number(head?.headers.get("content-length")) > 0);
    const twice = [
      "--write-out",
      "%{num_connects}\\n",
      "--output",
      "/dev/null",
      "--output",
      "/dev/null",
    ];
    const { stdout } = await run(["curl", "-qsS", "--cacert", ca.cert, ...twice, url, url]);
    assertEquals(stdout, "1\n0\n");
  },
);

testNeeding(
  NEEDS,
  "clients that send nothing are disconnected and do not block others",
  async () => {
    await using dir = await tempDir();
    const { ca, config } = await makeSite(dir);
    await using exporter = await startWith(dir, config());
    using silent = await connect(exporter.port);
    const url = `https://localhost:${exporter.port}/metrics`;
    assertEquals((await curl(url, "--cacert", ca.cert))?.status, 200);
    // The limit of a handshake is 10 s.
    const end = await until("the end of a connection", () =>
      silent.read(new Uint8Array(1)).then(
        (count) => count ?? 0,
        () => 0,
      ));
    assertEquals(end, 0);
  },
);

/** Asks for the health with openssl: whether the session is `New` or `Reused`, and whether there was an answer. */
async function healthWith(port: number, options: readonly string[]): Promise<readonly string[]> {
  const words = ["openssl", "s_client", "-connect", `127.0.0.1:${port}`, "-ign_eof", ...options];
  await using client = new Peer(words);
  const [, kind = ""] = await client.printed(/^(New|Reused), TLSv1\.\d/m);
  // It may be gone already.
  await client.type("GET /-/healthy HTTP/1.0\r\n\r\n").catch(() => {});
  await client.ended();
  const [answer] = await client.printed(/Healthy|$/);
  return [kind, answer];
}

for (const version of ["tls1_2", "tls1_3"]) {
  const name = `a session (${version}) does not outlive the authority of its client`;
  testNeeding(NEEDS, name, async () => {
    await using dir = await tempDir();
    const { ca, config } = await makeSite(dir);
    const other = await makeAuthority(dir, "other-ca");
    const requiring = (authority: Authority): WebConfigData =>
      config({ client_auth_type: "RequireAndVerifyClientCert", client_ca_file: authority.cert });
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
    const url = `https://localhost:${exporter.port}/metrics`;
    await until("the other authority", async () => {
      const answer = await curl(url, "--cacert", ca.cert, ...showing(after));
      return answer?.status === 200 ? true : null;
    });
    // Whether the session is resumed or not, there is no response.
    assertEquals((await talk(before, "-sess_in"))[1], "");
    assertEquals(await talk(after, "-sess_out"), ["New", "Healthy"]);
    assertEquals(await talk(after, "-sess_in"), ["Reused", "Healthy"]);
  });
}
