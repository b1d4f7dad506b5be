import { CLIENT_AUTH_TYPES, type ClientAuthType } from "../../lib/web_config/client_auth.ts";
import { assertEquals, assertMatch } from "../support/assert.ts";
import { type Pair, selfSigned, withoutKey } from "../support/certificates.ts";
import { showing } from "../support/curl.ts";
import { testTls, type TlsSite } from "../support/tls_site.ts";

const VERSIONS = ["1.2", "1.3"];

const CLIENTS = ["none", "signed", "stranger", "expired", "for servers"] as const;

/** The clients that each type accepts. */
const ACCEPTED: Readonly<Record<ClientAuthType, readonly (typeof CLIENTS)[number][]>> = {
  NoClientCert: CLIENTS,
  RequestClientCert: CLIENTS,
  RequireAnyClientCert: ["signed", "stranger", "expired", "for servers"],
  VerifyClientCertIfGiven: ["none", "signed"],
  RequireAndVerifyClientCert: ["signed"],
};

/** The logged reason for each client that is refused. The TLS library of Deno uses one code for several faults. */
const REASONS = {
  none: /reason="no certificate"/,
  stranger: /invalid certificate: (UNABLE_TO_VERIFY_LEAF_SIGNATURE|DEPTH_ZERO_SELF_SIGNED_CERT)"/,
  expired: /invalid certificate: CERT_HAS_EXPIRED"/,
  "for servers": /invalid certificate: (UNABLE_TO_VERIFY_LEAF_SIGNATURE|INVALID_PURPOSE)"/,
  thief:
    /invalid certificate: (UNABLE_TO_VERIFY_LEAF_SIGNATURE|ERR_SSL_(BAD|PROVIDER)_SIGNATURE(_FAILURE)?)"/,
} as const;

async function pairs(
  { dir, ca }: TlsSite,
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
  testTls(`${type} accepts: ${ACCEPTED[type].join(", ")}`, async (site) => {
    const ca = type === "NoClientCert" ? {} : { client_ca_file: site.ca.cert };
    await using exporter = await site.start({ client_auth_type: type, ...ca });
    for (const [client, pair] of Object.entries(await pairs(site))) {
      for (const version of VERSIONS) {
        const limits = [`--tlsv${version}`, "--tls-max", version];
        const answer = await site.scrape(exporter, ...limits, ...showing(pair));
        const expected = ACCEPTED[type].some((name) => name === client) ? 200 : undefined;
        assertEquals([client, version, answer?.status], [client, version, expected]);
      }
    }
  });
}

for (const type of CLIENT_AUTH_TYPES.filter((type) => type !== "NoClientCert")) {
  testTls(`${type} refuses the certificate of another client`, async ({ dir, ca, ...site }) => {
    await using exporter = await site.start({ client_auth_type: type, client_ca_file: ca.cert });
    const owner = await ca.issue("owner");
    const thief = await withoutKey(dir, owner);
    for (const version of VERSIONS) {
      const scrape = (pair: Pair): ReturnType<typeof site.scrape> =>
        site.scrape(exporter, "--tls-max", version, ...showing(pair));
      assertEquals((await scrape(owner))?.status, 200);
      assertEquals(await scrape(thief), null, version);
    }
    await exporter.line(REASONS.thief);
  });
}

/** Names of certificates, and whether `client_allowed_sans` below allows one of them. */
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

const ALLOWED = ["admin.test", "a@admin.test", "10.1.2.3", "2001:db8::1", "spiffe://test/admin"];

testTls("client_allowed_sans accepts certificates with an allowed name", async (site) => {
  await using exporter = await site.start({
    client_auth_type: "RequireAndVerifyClientCert",
    client_ca_file: site.ca.cert,
    client_allowed_sans: ALLOWED,
  });
  for (const [i, [names, isAllowed]] of NAMED.entries()) {
    const pair = await site.ca.issue(`client${i}`, { names });
    for (const version of VERSIONS) {
      const answer = await site.scrape(exporter, "--tls-max", version, ...showing(pair));
      const expected = isAllowed ? 200 : undefined;
      assertEquals([names, version, answer?.status], [names, version, expected]);
    }
  }
});

testTls("VerifyClientCertIfGiven without a CA accepts only clients without one", async (site) => {
  await using exporter = await site.start({ client_auth_type: "VerifyClientCertIfGiven" });
  for (const version of VERSIONS) {
    const limit = ["--tls-max", version];
    assertEquals((await site.scrape(exporter, ...limit))?.status, 200);
    const client = await site.ca.issue("client");
    assertEquals(await site.scrape(exporter, ...limit, ...showing(client)), null);
  }
});

testTls("client_allowed_sans refuses clients without a certificate", async (site) => {
  const allowed = { client_auth_type: "RequestClientCert", client_allowed_sans: ["client.test"] };
  await using exporter = await site.start(allowed);
  assertEquals(await site.scrape(exporter), null);
  const client = await selfSigned(site.dir, "client");
  assertEquals((await site.scrape(exporter, ...showing(client)))?.status, 200);
});

for (const type of ["VerifyClientCertIfGiven", "RequireAndVerifyClientCert"] as const) {
  for (const version of VERSIONS) {
    testTls(`${type} (TLS ${version}) logs each refused client once`, async (site) => {
      const ca = { client_ca_file: site.ca.cert };
      await using exporter = await site.start({ client_auth_type: type, ...ca });
      const clients = await pairs(site);
      for (const client of CLIENTS) {
        const options = ["--tls-max", version, ...showing(clients[client])];
        for (let i = 0; i < 3; i++) await site.scrape(exporter, ...options);
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
