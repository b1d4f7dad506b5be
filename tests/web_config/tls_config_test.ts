import { parseWebConfig } from "../../lib/web_config/web_config.ts";
import type { TlsConfig } from "../../lib/web_config/tls.ts";
import { assertEquals, fail } from "../assert.ts";

const PAIR = "cert_file: c, key_file: k";

const DEFAULTS: TlsConfig = {
  cert: { kind: "file", path: "c" },
  key: { kind: "file", path: "k" },
  clientCa: null,
  clientAuth: "NoClientCert",
  allowedSans: null,
  minVersion: "TLSv1.2",
  maxVersion: "TLSv1.3",
};

const CA = { clientCa: { kind: "file", path: "a" } } as const;

for (
  const [section, expected] of [
    [PAIR, {}],
    [`${PAIR}, cert: , key: "", client_ca: , client_auth_type: `, {}],
    [
      "cert: C, key: K",
      { cert: { kind: "text", text: "C" }, key: { kind: "text", text: "K" } },
    ],
    ["cert_file: c, key: K", { key: { kind: "text", text: "K" } }],
    [`${PAIR}, min_version: TLS13`, { minVersion: "TLSv1.3" }],
    [`${PAIR}, max_version: TLS12`, { maxVersion: "TLSv1.2" }],
    [`${PAIR}, client_auth_type: NoClientCert`, {}],
    [`${PAIR}, client_auth_type: RequestClientCert`, { clientAuth: "RequestClientCert" }],
    [`${PAIR}, client_auth_type: RequireAnyClientCert`, { clientAuth: "RequireAnyClientCert" }],
    [`${PAIR}, client_auth_type: RequireClientCert`, { clientAuth: "RequireAnyClientCert" }],
    [
      `${PAIR}, client_auth_type: RequireAnyClientCert, client_ca_file: a`,
      { clientAuth: "RequireAnyClientCert", ...CA },
    ],
    [
      `${PAIR}, client_auth_type: VerifyClientCertIfGiven, client_ca_file: a`,
      { clientAuth: "VerifyClientCertIfGiven", ...CA },
    ],
    [
      `${PAIR}, client_auth_type: RequireAndVerifyClientCert, client_ca: A`,
      { clientAuth: "RequireAndVerifyClientCert", clientCa: { kind: "text", text: "A" } },
    ],
    [
      `${PAIR}, client_auth_type: RequireAnyClientCert, client_allowed_sans: [a.test, 10.0.0.1]`,
      { clientAuth: "RequireAnyClientCert", allowedSans: ["a.test", "10.0.0.1"] },
    ],
    [
      `${PAIR}, client_auth_type: RequireAnyClientCert, client_allowed_sans: []`,
      { clientAuth: "RequireAnyClientCert", allowedSans: [] },
    ],
  ] as const
) {
  Deno.test(`TLS: ${section}`, () => {
    const outcome = parseWebConfig(`tls_server_config: {${section}}`);
    assertEquals(outcome.ok ? outcome.config.tls : fail(outcome.error), {
      ...DEFAULTS,
      ...expected,
    });
  });
}

const NO_EFFECT = "has no effect in this exporter, so it must not be given";
const TYPES = "NoClientCert, RequestClientCert, RequireAnyClientCert, VerifyClientCertIfGiven, " +
  "RequireAndVerifyClientCert";
const NEEDS_REQUIRED =
  "client_allowed_sans needs the client_auth_type RequireAnyClientCert or RequireAndVerifyClientCert";

for (
  const [section, error] of [
    ["cert_file: c", "tls_server_config has no key_file and no key"],
    ["key_file: k", "tls_server_config has no cert_file and no cert"],
    ['cert_file: "", key_file: k', "tls_server_config has no cert_file and no cert"],
    ['cert_file: c, key_file: ""', "tls_server_config has no key_file and no key"],
    ['cert_file: "", key_file: ""', "tls_server_config has no cert_file and no cert"],
    ["min_version: TLS12", "tls_server_config has no cert_file and no cert"],
    [`${PAIR}, cert: C`, "tls_server_config has both cert and cert_file"],
    [`${PAIR}, key: K`, "tls_server_config has both key and key_file"],
    [
      `${PAIR}, client_ca: A, client_ca_file: a, client_auth_type: RequestClientCert`,
      "tls_server_config has both client_ca and client_ca_file",
    ],
    [
      `${PAIR}, client_ca_file: a`,
      "tls_server_config has a client CA and no client_auth_type that uses it",
    ],
    [
      `${PAIR}, client_auth_type: RequireAndVerifyClientCert`,
      "client_auth_type RequireAndVerifyClientCert needs a client_ca_file or client_ca",
    ],
    [
      `${PAIR}, client_auth_type: VerifyClientCertIfGiven`,
      "client_auth_type VerifyClientCertIfGiven needs a client_ca_file or client_ca",
    ],
    [
      `${PAIR}, client_auth_type: Require`,
      `tls_server_config.client_auth_type takes ${TYPES}, not "Require"`,
    ],
    [
      `${PAIR}, client_auth_type: constructor`,
      `tls_server_config.client_auth_type takes ${TYPES}, not "constructor"`,
    ],
    [`${PAIR}, client_allowed_sans: [a]`, NEEDS_REQUIRED],
    [`${PAIR}, client_auth_type: RequestClientCert, client_allowed_sans: [a]`, NEEDS_REQUIRED],
    [
      `${PAIR}, client_auth_type: VerifyClientCertIfGiven, client_ca_file: a, client_allowed_sans: [a]`,
      NEEDS_REQUIRED,
    ],
    [`${PAIR}, client_allowed_sans: a`, "tls_server_config.client_allowed_sans takes a list"],
    [`${PAIR}, client_allowed_sans: [[a]]`, "tls_server_config.client_allowed_sans takes a text"],
    [
      `${PAIR}, min_version: TLS13, max_version: TLS12`,
      "tls_server_config.min_version is above max_version",
    ],
    [
      `${PAIR}, min_version: TLS11`,
      "tls_server_config.min_version takes TLS12 or TLS13; TLS11 is not offered",
    ],
    [
      `${PAIR}, max_version: TLS10`,
      "tls_server_config.max_version takes TLS12 or TLS13; TLS10 is not offered",
    ],
    [
      `${PAIR}, min_version: TLS111`,
      'tls_server_config.min_version takes TLS12 or TLS13, not "TLS111"',
    ],
    [
      `${PAIR}, min_version: toString`,
      'tls_server_config.min_version takes TLS12 or TLS13, not "toString"',
    ],
    [`${PAIR}, cipher_suites: [A]`, `tls_server_config.cipher_suites ${NO_EFFECT}`],
    [`${PAIR}, curve_preferences: [X25519]`, `tls_server_config.curve_preferences ${NO_EFFECT}`],
    [
      `${PAIR}, prefer_server_cipher_suites: false`,
      `tls_server_config.prefer_server_cipher_suites ${NO_EFFECT}`,
    ],
    [`${PAIR}, cert_path: c`, '"tls_server_config.cert_path" is no key of this file'],
    [`cert_file: [c], key_file: k`, "tls_server_config.cert_file takes a text"],
  ] as const
) {
  Deno.test(`TLS refused: ${section}: ${error}`, () => {
    const outcome = parseWebConfig(`tls_server_config: {${section}}`);
    assertEquals(outcome.ok ? null : outcome.error, error);
  });
}
