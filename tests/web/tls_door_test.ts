import { refusalOf } from "../../lib/web/tls_door.ts";
import { CLIENT_AUTH_TYPES, type ClientAuthType } from "../../lib/web_config/tls.ts";
import { assertEquals } from "../assert.ts";
import { makeCertificate } from "../certificate.ts";
import { X509Certificate } from "node:crypto";

const CLIENT = new X509Certificate(makeCertificate([[2, "client.test"]]).cert);
const INVALID = "its certificate is not valid: Error: expired";
const NONE = "it showed no certificate";
const NAMELESS = "its certificate has no name that is allowed";

/** What is said of a client: without certificate, with one that is not valid, with a valid one. */
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
  return refusalOf(socket, { clientAuth, allowedSans });
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
  Deno.test(`client.test where ${JSON.stringify(allowed)} are allowed: ${expected}`, () => {
    for (const type of ["RequireAnyClientCert", "RequireAndVerifyClientCert"] as const) {
      assertEquals(refusal(type, [CLIENT, true], allowed), expected);
    }
  });
}
