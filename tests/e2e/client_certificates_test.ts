import { CLIENT_AUTH_TYPES, type ClientAuthType } from "../../lib/web_config/client_auth.ts";
import { assertEquals, assertMatch } from "../support/assert.ts";
import {
  type Authority,
  LOOPBACK,
  makeAuthority,
  type Pair,
  selfSigned,
  withoutKey,
} from "../support/certificates.ts";
import { curl, showing } from "../support/curl.ts";
import { program, testNeeding } from "../support/needs.ts";
import { type TempDir, tempDir } from "../support/temp_dir.ts";
import { startWith } from "../support/web_config_file.ts";

const NEEDS = [program("openssl"), program("curl")];

/** What a client may show. */
const CLIENTS = ["none", "signed", "stranger", "expired", "for servers"] as const;

/** Who is let in. */
const ACCEPTED: Readonly<Record<ClientAuthType, readonly (typeof CLIENTS)[number][]>> = {
  NoClientCert: CLIENTS,
  RequestClientCert: CLIENTS,
  RequireAnyClientCert: ["signed", "stranger", "expired", "for servers"],
  VerifyClientCertIfGiven: ["none", "signed"],
  RequireAndVerifyClientCert: ["signed"],
};

/** The logged reason for each client that {@link ACCEPTED} excludes. The TLS library of Deno uses one code for several faults. */
const REASONS = {
  none: /reason="no certificate"/,
  stranger: /invalid certificate: (UNABLE_TO_VERIFY_LEAF_SIGNATURE|DEPTH_ZERO_SELF_SIGNED_CERT)"/,
  expired: /invalid certificate: CERT_HAS_EXPIRED"/,
  "for servers": /invalid certificate: (UNABLE_TO_VERIFY_LEAF_SIGNATURE|INVALID_PURPOSE)"/,
  thief:
    /invalid certificate: (UNABLE_TO_VERIFY_LEAF_SIGNATURE|ERR_SSL_(BAD|PROVIDER)_SIGNATURE(_FAILURE)?)"/,
} as const;

async function serverConfig(ca: Authority): Promise<Readonly<Record<string, unknown>>> {
  const server = await ca.issue("server", { names: LOOPBACK, usage: "serverAuth" });
  return { cert_file: server.cert, key_file: server.key };
}

async function pairs(
  dir: TempDir,
  ca: Authority,
): Promise<Readonly<Record<(typeof CLIENTS)[number], Pair | null>>> {
  return {
    none: null,
    signed: await ca.issue("signed"),
    stranger: await selfSigned(dir, "stranger"),
    expired: await ca.issue("expired", { days: -1 }),
    "for servers": await ca.issue("for-servers", { usage: "serverAuth" }),
  };
}

for (const type of CLIENT_AUTH_TYPES) {
  testNeeding(NEEDS, `${type} accepts: ${ACCEPTED[type].join(", ")}`, async () => {
    await using dir = await tempDir();
    const ca = await makeAuthority(dir);
    const tls = { ...await serverConfig(ca), client_auth_type: type };
    const withCa = type === "NoClientCert" ? tls : { ...tls, client_ca_file: ca.cert };
    await using exporter = await startWith(dir, { tls_server_config: withCa });
    const url = `https://localhost:${exporter.port}/metrics`;
    for (const [client, pair] of Object.entries(await pairs(dir, ca))) {
      for (const version of ["1.2", "1.3"]) {
        const limits = [`--tlsv${version}`, "--tls-max", version, "--cacert", ca.cert];
        const answer = await curl(url, ...limits, ...showing(pair));
        const expected = ACCEPTED[type].some((name) => name === client) ? 200 : undefined;
        assertEquals([client, version, answer?.status], [client, version, expected]);
      }
    }
  });
}

for (const type of CLIENT_AUTH_TYPES.filter((type) => type !== "NoClientCert")) {
  testNeeding(NEEDS, `${type} refuses the certificate of another client`, async () => {
    await using dir = await tempDir();
    const ca = await makeAuthority(dir);
    const tls = { ...await serverConfig(ca), client_auth_type: type, client_ca_file: ca.cert };
    await using exporter = await startWith(dir, { tls_server_config: tls });
    const url = `https://localhost:${exporter.port}/metrics`;
    const owner = await ca.issue("owner");
    const thief = await withoutKey(dir, owner);
    for (const version of ["1.2", "1.3"]) {
      const options = ["--tls-max", version, "--cacert", ca.cert];
      assertEquals((await curl(url, ...options, ...showing(owner)))?.status, 200);
      assertEquals(await curl(url, ...options, ...showing(thief)), null, version);
    }
    await exporter.line(REASONS.thief);
  });
}

/** Names of certificates, and whether a client with one is let in where `admin.test` and others are. */
const NAMED: readonly (readonly [readonly string[], boolean])[] = [
  [["DNS.1 = admin.test"], true],
  [["DNS.1 = other.test", "DNS.2 = admin.test"], true],
  [["email.1 = a@admin.test"], true],
  [["IP.1 = 10.1.2.3"], true],
  [["IP.1 = 2001:db8:0::1"], true],
  [["URI.1 = spiffe://test/admin"], true],
  [["DNS.1 = other.test"], false],
  [["DNS.1 = sub.admin.test"], false],
  [["DNS.1 = a\\, DNS:admin.test"], false],
  [["URI.1 = http://x/\\, DNS:admin.test"], false],
  [['email.1 = q"uo\\\\te@x, DNS:admin.test'], false],
  [["otherName.1 = 1.2.3.4;UTF8:admin.test"], false],
  [["RID.1 = 1.2.3.4"], false],
  [["dirName.1 = subject", "[subject]", "CN = admin.test"], false],
];

testNeeding(
  NEEDS,
  "client_allowed_sans accepts certificates with an allowed name",
  async () => {
    await using dir = await tempDir();
    const ca = await makeAuthority(dir);
    await using exporter = await startWith(dir, {
      tls_server_config: {
        ...await serverConfig(ca),
        client_auth_type: "RequireAndVerifyClientCert",
        client_ca_file: ca.cert,
        client_allowed_sans: [
          ...["admin.test", "a@admin.test", "10.1.2.3", "2001:db8::1", "spiffe://test/admin"],
        ],
      },
    });
    const url = `https://localhost:${exporter.port}/metrics`;
    for (const [i, [names, isAllowed]] of NAMED.entries()) {
      const pair = await ca.issue(`client${i}`, { names });
      for (const version of ["1.2", "1.3"]) {
        const answer = await curl(url, "--tls-max", version, "--cacert", ca.cert, ...showing(pair));
        const expected = isAllowed ? 200 : undefined;
        assertEquals([names, version, answer?.status], [names, version, expected]);
      }
    }
  },
);

testNeeding(
  NEEDS,
  "VerifyClientCertIfGiven without a CA accepts clients without a certificate",
  async () => {
    await using dir = await tempDir();
    const ca = await makeAuthority(dir);
    const tls = { ...await serverConfig(ca), client_auth_type: "VerifyClientCertIfGiven" };
    await using exporter = await startWith(dir, { tls_server_config: tls });
    const url = `https://localhost:${exporter.port}/metrics`;
    for (const version of ["1.2", "1.3"]) {
      const options = ["--tls-max", version, "--cacert", ca.cert];
      assertEquals((await curl(url, ...options))?.status, 200);
      assertEquals(await curl(url, ...options, ...showing(await ca.issue("client"))), null);
    }
  },
);

testNeeding(
  NEEDS,
  "client_allowed_sans with RequestClientCert refuses clients without a certificate",
  async () => {
    await using dir = await tempDir();
    const ca = await makeAuthority(dir);
    const allowed = { client_auth_type: "RequestClientCert", client_allowed_sans: ["client.test"] };
    const tls = { ...await serverConfig(ca), ...allowed };
    await using exporter = await startWith(dir, { tls_server_config: tls });
    const url = `https://localhost:${exporter.port}/metrics`;
    const options = ["--cacert", ca.cert];
    assertEquals(await curl(url, ...options), null);
    const client = await selfSigned(dir, "client");
    assertEquals((await curl(url, ...options, ...showing(client)))?.status, 200);
  },
);

for (const type of ["VerifyClientCertIfGiven", "RequireAndVerifyClientCert"] as const) {
  for (const version of ["1.2", "1.3"]) {
    const name =
      `a client that ${type} refuses (TLS ${version}) is logged once, with address and why`;
    testNeeding(NEEDS, name, async () => {
      await using dir = await tempDir();
      const ca = await makeAuthority(dir);
      const tls = { ...await serverConfig(ca), client_auth_type: type, client_ca_file: ca.cert };
      await using exporter = await startWith(dir, { tls_server_config: tls });
      const url = `https://localhost:${exporter.port}/metrics`;
      const options = ["--tls-max", version, "--cacert", ca.cert];
      const clients = await pairs(dir, ca);
      for (const client of CLIENTS) {
        const pair = clients[client];
        for (let i = 0; i < 3; i++) await curl(url, ...options, ...showing(pair));
        if (client === "signed" || ACCEPTED[type].some((name) => name === client)) continue;
        const line = await exporter.line(REASONS[client]);
        assertMatch(line, / level=info .*msg="client refused" address=127\.0\.0\.1 reason=/);
      }
      const { stderr } = await exporter.stop();
      const lines = stderr.split("\n").filter((line) => line.includes("client refused"));
      assertEquals(new Set(lines.map((line) => line.replace(/^.*reason=/, ""))).size, lines.length);
    });
  }
}
