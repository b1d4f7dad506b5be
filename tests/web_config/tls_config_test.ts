import { parseWebConfig } from "../../lib/web_config/parse.ts";
import type { TlsConfig } from "../../lib/web_config/tls_config.ts";
import { assertEquals, fail } from "../support/assert.ts";

const PAIR = "cert_file: c, key_file: k";

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
    [`${PAIR}, min_version: ~, max_version: null`, {}],
    [`${PAIR}, min_version: TLS10`, {}],
    [`${PAIR}, min_version: TLS11`, {}],
    [`${PAIR}, cipher_suites: [], curve_preferences: []`, {}],
    [`${PAIR}, cipher_suites: ~, curve_preferences: ~, prefer_server_cipher_suites: ~`, {}],
    [`${PAIR}, prefer_server_cipher_suites: true`, {}],
    [`${PAIR}, prefer_server_cipher_suites: no`, {}],
    [`${PAIR}, curve_preferences: [CurveP521, X25519, CurveP256, CurveP384]`, {}],
    [
      `${PAIR}, cipher_suites: [TLS_AES_128_GCM_SHA256]`,
      { cipherSuites: ["TLS_AES_128_GCM_SHA256"] },
    ],
    [`${PAIR}, cert: C, key: K`, {}],
    [
      `${PAIR}, client_ca: A, client_ca_file: a, client_auth_type: RequestClientCert`,
      { clientAuth: "RequestClientCert", ...CA },
    ],
    [
      `${PAIR}, client_auth_type: VerifyClientCertIfGiven`,
      { clientAuth: "VerifyClientCertIfGiven" },
    ],
    [`${PAIR}, client_allowed_sans: [a]`, { allowedSans: ["a"] }],
    [
      `${PAIR}, client_auth_type: RequestClientCert, client_allowed_sans: [a, 1]`,
      { clientAuth: "RequestClientCert", allowedSans: ["a", "1"] },
    ],
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
    assertEquals(outcome.ok ? outcome.value.tls : fail(outcome.error), {
      ...DEFAULTS,
      ...expected,
    });
  });
}

const NEEDS_CA =
  "client_auth_type RequireAndVerifyClientCert needs a client_ca_file or client_ca: " +
  "this exporter does not trust the authorities of the system";
const NARROW_CURVES = "tls_server_config.curve_preferences omits one of the curves " +
  "that are always offered: CurveP256, CurveP384, X25519";
const TYPES = "NoClientCert, RequestClientCert, RequireAnyClientCert, VerifyClientCertIfGiven, " +
  "RequireAndVerifyClientCert";
for (
  const [section, error] of [
    ["cert_file: c", "tls_server_config has no key_file and no key"],
    ["key_file: k", "tls_server_config has no cert_file and no cert"],
    ['cert_file: "", key_file: k', "tls_server_config has no cert_file and no cert"],
    ['cert_file: c, key_file: ""', "tls_server_config has no key_file and no key"],
    [
      `${PAIR}, client_ca_file: a`,
      "tls_server_config has a client CA, but no client_auth_type that uses it",
    ],
    [
      `${PAIR}, client_auth_type: Require`,
      `tls_server_config.client_auth_type must be one of ${TYPES}, not "Require"`,
    ],
    [
      `${PAIR}, client_auth_type: constructor`,
      `tls_server_config.client_auth_type must be one of ${TYPES}, not "constructor"`,
    ],
    [`${PAIR}, client_allowed_sans: a`, "tls_server_config.client_allowed_sans must be a list"],
    [
      `${PAIR}, client_allowed_sans: [[a]]`,
      "tls_server_config.client_allowed_sans must be a string",
    ],
    [
      `${PAIR}, min_version: TLS13, max_version: TLS12`,
      "tls_server_config.min_version is above max_version",
    ],
    [
      `${PAIR}, max_version: TLS10`,
      "tls_server_config.max_version must be TLS12 or TLS13; TLS10 is not offered",
    ],
    [
      `${PAIR}, min_version: TLS111`,
      'tls_server_config.min_version must be TLS12 or TLS13, not "TLS111"',
    ],
    [
      `${PAIR}, min_version: toString`,
      'tls_server_config.min_version must be TLS12 or TLS13, not "toString"',
    ],
    [
      `${PAIR}, min_version: ""`,
      'tls_server_config.min_version must be TLS12 or TLS13, not ""',
    ],
    [`${PAIR}, client_auth_type: RequireAndVerifyClientCert`, NEEDS_CA],
    [`${PAIR}, cipher_suites: [A]`, 'tls_server_config.cipher_suites does not support "A"'],
    [`${PAIR}, cipher_suites: ["~"]`, 'tls_server_config.cipher_suites does not support "~"'],
    [
      `${PAIR}, cipher_suites: TLS_AES_128_GCM_SHA256`,
      "tls_server_config.cipher_suites must be a list",
    ],
    [`${PAIR}, curve_preferences: [X25519]`, NARROW_CURVES],
    [`${PAIR}, curve_preferences: [CurveP256, CurveP521, X25519]`, NARROW_CURVES],
    [
      `${PAIR}, curve_preferences: [P256]`,
      'tls_server_config.curve_preferences does not support "P256"',
    ],
    [
      `${PAIR}, prefer_server_cipher_suites: "true"`,
      "tls_server_config.prefer_server_cipher_suites must be true or false",
    ],
    ["max_version: TLS9", 'tls_server_config.max_version must be TLS12 or TLS13, not "TLS9"'],
    ["cipher_suites: [A]", 'tls_server_config.cipher_suites does not support "A"'],
    [`${PAIR}, cert_path: c`, 'unknown key "tls_server_config.cert_path"'],
    [`cert_file: [c], key_file: k`, "tls_server_config.cert_file must be a string"],
  ] as const
) {
  Deno.test(`TLS refused: ${section}: ${error}`, () => {
    const outcome = parseWebConfig(`tls_server_config: {${section}}`);
    assertEquals(outcome.ok ? null : outcome.error, error);
  });
}

for (
  const section of [
    'cert_file: "", key_file: ""',
    "cert_file: ~, key_file: null",
    "min_version: TLS12",
    "max_version: TLS11, cipher_suites: [], curve_preferences: [X25519]",
    "client_allowed_sans: [a]",
  ]
) {
  Deno.test(`no TLS: ${section}`, () => {
    const outcome = parseWebConfig(`tls_server_config: {${section}}`);
    assertEquals(outcome.ok ? outcome.value.tls : fail(outcome.error), null);
  });
}

for (
  const [section, level, setting, effect] of [
    ["min_version: TLS10", "info", "min_version", "TLS 1.2 is the oldest version that is offered"],
    [
      "prefer_server_cipher_suites: false",
      ...["info", "prefer_server_cipher_suites"],
      "none; the server's order is used, as in Go",
    ],
    ["cert: C", "warn", "cert", "none; cert_file is used"],
    ["key: K", "warn", "key", "none; key_file is used"],
    [
      "client_allowed_sans: [a]",
      ...["warn", "client_allowed_sans"],
      "none; client_auth_type asks for no certificate",
    ],
    [
      "client_auth_type: VerifyClientCertIfGiven",
      ...["info", "client_auth_type"],
      "without client_ca_file no certificate is accepted, only clients without one",
    ],
  ] as const
) {
  Deno.test(`TLS noted: ${section}`, () => {
    const outcome = parseWebConfig(`tls_server_config: {${PAIR}, ${section}}`);
    assertEquals<unknown>(outcome.ok ? outcome.value.notes : fail(outcome.error), [
      { level, setting: `tls_server_config.${setting}`, effect },
    ]);
  });
}
