import { parseWebConfig, type WebConfig } from "../../lib/web_config/parse.ts";
import type { TlsConfig } from "../../lib/web_config/tls_config.ts";
import { assertEquals, fail } from "../support/assert.ts";

const DEFAULTS: TlsConfig = {
  cert: { kind: "file", path: "c" },
  key: { kind: "file", path: "k" },
  clientCa: null,
  clientAuth: "NoClientCert",
  allowedSans: null,
  minVersion: "TLSv1.2",
  maxVersion: "TLSv1.3",
  cipherSuites: [],
};

const CA = { clientCa: { kind: "file", path: "a" } } as const;
const NAMES = "client_allowed_sans";

/** What this tls_server_config sets, with the certificate `c` and the key `k` if it has none. */
function parsed(settings: string): WebConfig {
  const pair = settings.startsWith("cert") ? "" : "cert_file: c, key_file: k, ";
  const outcome = parseWebConfig(`tls_server_config: {${pair}${settings}}`);
  return outcome.ok ? outcome.value : fail(outcome.error);
}

for (
  const settings of [
    'cert_file: c, key_file: k, cert: , key: "", client_ca: , client_auth_type: ',
    "cert_file: c, key_file: k, cert: C, key: K",
    "min_version: ~, max_version: null",
    "min_version: TLS10",
    "min_version: TLS11",
    "cipher_suites: [], curve_preferences: []",
    "cipher_suites: ~, curve_preferences: ~, prefer_server_cipher_suites: ~",
    "prefer_server_cipher_suites: true",
    "prefer_server_cipher_suites: no",
    "curve_preferences: [CurveP521, X25519, CurveP256, CurveP384]",
    "client_auth_type: NoClientCert",
  ]
) {
  Deno.test(`the same as without: ${settings}`, () => {
    assertEquals(parsed(settings).tls, DEFAULTS);
  });
}

for (
  const [settings, expected] of [
    ["cert: C, key: K", { cert: { kind: "text", text: "C" }, key: { kind: "text", text: "K" } }],
    ["cert_file: c, key: K", { key: { kind: "text", text: "K" } }],
    ["min_version: TLS13", { minVersion: "TLSv1.3" }],
    ["max_version: TLS12", { maxVersion: "TLSv1.2" }],
    ["cipher_suites: [TLS_AES_128_GCM_SHA256]", { cipherSuites: ["TLS_AES_128_GCM_SHA256"] }],
    [`${NAMES}: [a]`, { allowedSans: ["a"] }],
  ] as const
) {
  Deno.test(settings, () => assertEquals(parsed(settings).tls, { ...DEFAULTS, ...expected }));
}

for (
  const [type, others, expected] of [
    ["VerifyClientCertIfGiven", "", {}],
    ["RequestClientCert", "", {}],
    ["RequireAnyClientCert", "", {}],
    ["RequestClientCert", "client_ca: A, client_ca_file: a", CA],
    ["RequireAnyClientCert", "client_ca_file: a", CA],
    ["VerifyClientCertIfGiven", "client_ca_file: a", CA],
    ["RequireAndVerifyClientCert", "client_ca: A", { clientCa: { kind: "text", text: "A" } }],
    ["RequestClientCert", `${NAMES}: [a, 1]`, { allowedSans: ["a", "1"] }],
    ["RequireAnyClientCert", `${NAMES}: [a.b, 10.0.0.1]`, { allowedSans: ["a.b", "10.0.0.1"] }],
    ["RequireAnyClientCert", `${NAMES}: []`, { allowedSans: [] }],
  ] as const
) {
  Deno.test(`client_auth_type: ${type}, ${others}`, () => {
    const { tls } = parsed(`client_auth_type: ${type}, ${others}`);
    assertEquals(tls, { ...DEFAULTS, clientAuth: type, ...expected });
  });
}

Deno.test("RequireClientCert is another name of RequireAnyClientCert", () => {
  const { tls } = parsed("client_auth_type: RequireClientCert");
  assertEquals(tls, { ...DEFAULTS, clientAuth: "RequireAnyClientCert" });
});

for (
  const [settings, level, effect] of [
    ["min_version: TLS10", "info", "TLS 1.2 is the oldest version that is offered"],
    ["prefer_server_cipher_suites: false", "info", "none; the server's order is used, as in Go"],
    ["cert: C, cert_file: c, key_file: k", "warn", "none; cert_file is used"],
    ["key: K", "warn", "none; key_file is used"],
    [`${NAMES}: [a]`, "warn", "none; client_auth_type asks for no certificate"],
    [
      "client_auth_type: VerifyClientCertIfGiven",
      ...["info", "without client_ca_file no certificate is accepted, only clients without one"],
    ],
  ] as const
) {
  Deno.test(`noted: ${settings}`, () => {
    const setting = `tls_server_config.${settings.split(":")[0]}`;
    assertEquals<unknown>(parsed(settings).notes, [{ level, setting, effect }]);
  });
}
