import { get } from "node:https";
import { X509Certificate } from "node:crypto";
import { Connections } from "../../lib/web/connections.ts";
import { checkClient, ReloadableTlsServer } from "../../lib/web/tls_server.ts";
import { CLIENT_AUTH_TYPES, type ClientAuthType } from "../../lib/web_config/client_auth.ts";
import { assertEquals } from "../support/assert.ts";
import { makeCertificate } from "../support/certificate.ts";
import { keptLog, TestClock } from "../support/fakes.ts";

const CLIENT = new X509Certificate(makeCertificate([[2, "client.test"]]).cert);
const INVALID = "invalid certificate: Error: expired";
const NONE = "no certificate";
const NAMELESS = "no allowed name in the certificate";

/** Why a client is refused: without a certificate, with an invalid one, with a valid one. */
const EXPECTED: Readonly<Record<ClientAuthType, readonly (string | null)[]>> = {
  NoClientCert: [null, null, null],
  RequestClientCert: [null, null, null],
  RequireAnyClientCert: [NONE, null, null],
  VerifyClientCertIfGiven: [null, INVALID, null],
  RequireAndVerifyClientCert: [NONE, INVALID, null],
};

function refusal(
  clientAuth: ClientAuthType,
  [certificate, authorized]: readonly [X509Certificate | undefined, boolean],
  allowedSans: readonly string[] | null = null,
): string | null {
  const authorizationError = new Error("expired");
  const getPeerX509Certificate = (): X509Certificate | undefined => certificate;
  const socket = { authorized, authorizationError, getPeerX509Certificate };
  const checked = checkClient(socket, { clientAuth, allowedSans });
  return checked.ok ? null : checked.error;
}

for (const type of CLIENT_AUTH_TYPES) {
  Deno.test(`${type}: ${JSON.stringify(EXPECTED[type])}`, () => {
    const clients = [[undefined, false], [CLIENT, false], [CLIENT, true]] as const;
    assertEquals(clients.map((client) => refusal(type, client)), EXPECTED[type]);
  });
}

for (
  const [allowed, expected] of [
    [["client.test"], null],
    [["other.test", "client.test"], null],
    [["CLIENT.test"], NAMELESS],
    [["other.test"], NAMELESS],
    [[""], NAMELESS],
    [[], NAMELESS],
  ] as const
) {
  Deno.test(`client.test with allowed names ${JSON.stringify(allowed)}: ${expected}`, () => {
    for (const type of ["RequireAnyClientCert", "RequireAndVerifyClientCert"] as const) {
      assertEquals(refusal(type, [CLIENT, true], allowed), expected);
    }
  });
}

Deno.test("the socket of a TLS request is mapped to its connection", async () => {
  const { cert, key } = makeCertificate([[2, "localhost"]]);
  const security = new ReloadableTlsServer({
    ...{ cert, key, clientCa: null, clientAuth: "NoClientCert", allowedSans: null },
    ...{ minVersion: "TLSv1.2", maxVersion: "TLSv1.3" },
  }, { log: keptLog().log, clock: new TestClock() });
  const connections = new Connections(10);
  const server = security.createServer({}, (incoming, outgoing) => {
    const finished = connections.begin(incoming.socket);
    // This closes all connections that answer nothing.
    connections.drain();
    outgoing.end("answered", () => finished?.());
  });
  server.on("connection", (socket) => connections.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port ?? 0 : 0;
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const options = { host: "127.0.0.1", port, agent: false, ca: cert, rejectUnauthorized: false };
  get(options, (response) => response.setEncoding("utf8").on("data", resolve)).on("error", reject);
  assertEquals(await promise, "answered");
  await new Promise((resolve) => server.close(resolve));
});
