/** A web configuration, what exporter-toolkit makes of it, and what this exporter does. */
export interface ToolkitCase {
  readonly text: string;
  /** What exporter-toolkit 0.20.0 does with the file when it begins to listen. */
  readonly toolkit: "starts" | "refuses";
  /** The settings on which the log has a line; none unless they are named. */
  readonly notes?: readonly string[];
  /** How the sentence begins with which the file is refused; without it, it is used. */
  readonly error?: string;
  /** Why the two differ, as docs/web-configuration.md says it; absent where they agree. */
  readonly why?: string;
}

const PAIR = "cert_file: c.pem, key_file: k.pem";

function tls(settings: string): string {
  return `tls_server_config: {${PAIR}, ${settings}}`;
}

/** bcrypt's version and cost with a salt and a hash of that form. */
function hash(version: string, rest = "a".repeat(53)): string {
  return `$${version}$${rest}`;
}

/** The suites of TLS 1.2 that are offered with the key k.pem, which is one of P-256. */
const OFFERED = [
  "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
  "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
  "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
];

/** Texts that both take as a configuration without any peculiarity. */
const USED = [
  "",
  "null",
  "{}",
  "--- {}",
  "%YAML 1.1\n---\n{}",
  "tls_server_config: ~",
  "tls_server_config: {}",
  "http_server_config: null",
  "basic_auth_users: null",
  "rate_limit: ~",
  "tls_server_config: {cert_file: ~, key_file: null}",
  ...["False", "no", "Off", "n", "N", "FALSE", "~", "null", "", "!!bool no"].map((word) =>
    `http_server_config: {http2: ${word}}`
  ),
  "http_server_config: {headers: null}",
  ...["1", "1.50", "yes", "~", ""].map((value) =>
    `http_server_config: {headers: {X-XSS-Protection: ${value}}}`
  ),
  ...["alice", "42", "true", "~", "''", "1.0"].map((user) =>
    `basic_auth_users: {${user}: ${hash("2y$10")}}`
  ),
  ...["2a$10", "2b$04", "2y$16"].map((version) => `basic_auth_users: {a: ${hash(version)}}`),
  ...["1", "1.5", "0x10", "010", "0o10", "0b11", "1_000", "+1", "1e1", "!!int '3'"].map((burst) =>
    `rate_limit: {interval: 1s, burst: ${burst}}`
  ),
  ...["0", "0s", "0.0", "-1s", "-1", "~", "'1s'", "1.5h", "+1s"].map((interval) =>
    `rate_limit: {interval: ${interval}, burst: 1}`
  ),
  "rate_limit: {burst: ~}",
  "rate_limit: {<<: {interval: 1s}, burst: 1}",
  "rate_limit: {<<: [{interval: 1s}, {burst: 2}]}",
  "rate_limit: {<<: {burst: 3}, burst: 2}",
  "rate_limit: &a {burst: 1}\nhttp_server_config: {headers: {X-Frame-Options: deny}}",
  `tls_server_config: {${PAIR}}`,
  ...[
    "min_version: ~",
    "max_version: null",
    "min_version: TLS13",
    "max_version: TLS12",
    "cipher_suites: []",
    "cipher_suites: ~",
    "curve_preferences: []",
    "curve_preferences: ~",
    "curve_preferences: [X25519, CurveP521, CurveP384, CurveP256]",
    "curve_preferences: [CurveP256, CurveP384, X25519]",
    `cipher_suites: [${OFFERED}]`,
    `cipher_suites: [${OFFERED}], max_version: TLS12`,
    `min_version: TLS13, cipher_suites: [TLS_AES_128_GCM_SHA256]`,
    "prefer_server_cipher_suites: true",
    "prefer_server_cipher_suites: ~",
    "cert: ''",
    "key: ~",
    "client_auth_type: ~",
    "client_auth_type: ''",
    "client_auth_type: NoClientCert",
    "client_auth_type: RequestClientCert",
    "client_auth_type: RequireAnyClientCert",
    "client_auth_type: RequireClientCert",
    "client_auth_type: RequestClientCert, client_ca_file: c.pem",
    "client_auth_type: VerifyClientCertIfGiven, client_ca_file: c.pem",
    "client_auth_type: RequireAndVerifyClientCert, client_ca_file: c.pem",
    "client_ca_file: null",
    "client_ca: ''",
    "client_allowed_sans: []",
    "client_allowed_sans: ~",
    "client_allowed_sans: [a, 1, true], client_auth_type: RequireAnyClientCert",
    "client_allowed_sans: [a], client_auth_type: RequestClientCert",
    "client_allowed_sans: [a], client_auth_type: VerifyClientCertIfGiven, client_ca_file: c.pem",
  ].map(tls),
];

/** Texts with which both start, and of which this exporter has something to say. */
const NOTED: readonly (readonly [text: string, setting: string])[] = [
  ...["true", "True", "yes", "on", "y", "!!bool yes"].map((word) =>
    [`http_server_config: {http2: ${word}}`, "http_server_config.http2"] as const
  ),
  ["basic_auth_users: {'a:b': $2y$10$" + "a".repeat(53) + "}", "basic_auth_users.a:b"],
  [`basic_auth_users: {a: ${hash("2y$18")}}`, "basic_auth_users.a"],
  ["rate_limit: {interval: 1, burst: 1}", "rate_limit.interval"],
  ["rate_limit: {interval: 1s}", "rate_limit.burst"],
  ...["0", "-1", "0.5", "~"].map((burst) =>
    [`rate_limit: {interval: 1s, burst: ${burst}}`, "rate_limit.burst"] as const
  ),
  ["tls_server_config: {min_version: TLS12}", "tls_server_config"],
  ["tls_server_config: {cert_file: '', key_file: ''}", "tls_server_config"],
  ["tls_server_config: {max_version: TLS11, curve_preferences: [X25519]}", "tls_server_config"],
  ["tls_server_config: {client_allowed_sans: [a]}", "tls_server_config"],
  ...[
    ["min_version: TLS10", "min_version"],
    ["min_version: TLS11, max_version: TLS12", "min_version"],
    ["prefer_server_cipher_suites: no", "prefer_server_cipher_suites"],
    ["cert: junk", "cert"],
    ["key: junk", "key"],
    ["client_ca: junk, client_ca_file: c.pem, client_auth_type: RequestClientCert", "client_ca"],
    ["client_auth_type: VerifyClientCertIfGiven", "client_auth_type"],
    ["client_allowed_sans: [a]", "client_allowed_sans"],
    [
      "cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]",
      "cipher_suites",
    ],
    [
      "cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA]",
      "cipher_suites",
    ],
  ].map(([settings = "", name]) => [tls(settings), `tls_server_config.${name}`] as const),
];

/** Texts that both refuse, and how the sentence of this exporter begins. */
const REFUSED: readonly (readonly [text: string, error: string])[] = [
  ["- a", "the file must be a mapping"],
  ["a", "the file must be a mapping"],
  ["a: b", 'unknown key "a"'],
  ["TLS_server_config: {}", 'unknown key "TLS_server_config"'],
  ["{", "invalid YAML: "],
  ["http_server_config:\n\theaders: {}", "invalid YAML: "],
  ["rate_limit: {burst: 1}\nrate_limit: {burst: 1}", "invalid YAML: duplicated mapping key"],
  ["rate_limit: {burst: 1, burst: 2}", "invalid YAML: duplicated mapping key"],
  ["rate_limit: {<<: x}", "invalid YAML: "],
  ["tls_server_config: ''", "tls_server_config must be a mapping"],
  ["tls_server_config: []", "tls_server_config must be a mapping"],
  ["basic_auth_users: ''", "basic_auth_users must be a mapping"],
  ...["'false'", '"no"', "0", "1", "maybe", "''", "!!str no", "[false]", "tRUE"].map((word) =>
    [
      `http_server_config: {http2: ${word}}`,
      "http_server_config.http2 must be true or false",
    ] as const
  ),
  ["http_server_config: {headers: ''}", "http_server_config.headers must be a mapping"],
  [
    "http_server_config: {headers: {Content-Type: a}}",
    'the header "Content-Type" cannot be configured',
  ],
  [
    "http_server_config: {headers: {x-frame-options: deny}}",
    'the header "x-frame-options" cannot be configured',
  ],
  [
    "http_server_config: {headers: {X-Frame-Options: DENY}}",
    "the header X-Frame-Options must be deny or sameorigin",
  ],
  [
    "http_server_config: {headers: {X-Content-Type-Options: sniff}}",
    "the header X-Content-Type-Options must be nosniff",
  ],
  ["basic_auth_users: {a: secret}", 'the password of user "a" is not a bcrypt hash'],
  ["basic_auth_users: {a: null}", 'the password of user "a" is not a bcrypt hash'],
  [`basic_auth_users: {a: ${hash("2y$03")}}`, 'the password of user "a" has the bcrypt cost 3'],
  [`basic_auth_users: {a: ${hash("2y$32")}}`, 'the password of user "a" has the bcrypt cost 32'],
  ["basic_auth_users: {? [a] : b}", "invalid YAML: "],
  ...["1d", "true", "''", "1:10"].map((interval) =>
    [
      `rate_limit: {interval: ${interval}, burst: 1}`,
      "rate_limit.interval must be a duration",
    ] as const
  ),
  ...["'1'", "true", "''", "1:10", "many"].map((burst) =>
    [`rate_limit: {interval: 1s, burst: ${burst}}`, "rate_limit.burst must be a number"] as const
  ),
  ["tls_server_config: {cert_file: c.pem}", "tls_server_config has no key_file and no key"],
  ["tls_server_config: {key_file: k.pem}", "tls_server_config has no cert_file and no cert"],
  [
    "tls_server_config: {cert_file: '', key_file: '', client_auth_type: x}",
    "tls_server_config has no cert_file and no cert",
  ],
  [
    "tls_server_config: {cipher_suites: [A]}",
    'tls_server_config.cipher_suites does not support "A"',
  ],
  ["tls_server_config: {cert_file: none.pem, key_file: k.pem}", "missing: "],
  ["tls_server_config: {cert_file: c.pem, key_file: none.pem}", "missing: "],
  ["tls_server_config: {cert_file: k.pem, key_file: c.pem}", "the file contains no certificate"],
  [
    "tls_server_config: {cert_file: other.pem, key_file: k.pem}",
    "the key does not match the certificate",
  ],
  ...([
    ["min_version: TLS111", "tls_server_config.min_version must be TLS12 or TLS13"],
    ["min_version: ''", "tls_server_config.min_version must be TLS12 or TLS13"],
    ["max_version: 12", "tls_server_config.max_version must be TLS12 or TLS13"],
    ["cipher_suites: ''", "tls_server_config.cipher_suites must be a list"],
    ["cipher_suites: TLS_AES_128_GCM_SHA256", "tls_server_config.cipher_suites must be a list"],
    ["cipher_suites: ['']", 'tls_server_config.cipher_suites does not support ""'],
    [
      "cipher_suites: [TLS_RSA_WITH_AES_128_GCM_SHA256]",
      'tls_server_config.cipher_suites does not support "TLS_RSA_WITH_AES_128_GCM_SHA256"',
    ],
    [
      "cipher_suites: [tls_aes_128_gcm_sha256]",
      'tls_server_config.cipher_suites does not support "tls_aes_128_gcm_sha256"',
    ],
    ["curve_preferences: [P256]", 'tls_server_config.curve_preferences does not support "P256"'],
    [
      "curve_preferences: [X25519MLKEM768]",
      'tls_server_config.curve_preferences does not support "X25519MLKEM768"',
    ],
    [
      "prefer_server_cipher_suites: 'true'",
      "tls_server_config.prefer_server_cipher_suites must be true or false",
    ],
    [
      "client_auth_type: noclientcert",
      "tls_server_config.client_auth_type must be one of NoClientCert, ",
    ],
    ["client_ca_file: c.pem", "tls_server_config has a client CA, but no client_auth_type"],
    ["client_ca_file: none.pem, client_auth_type: RequestClientCert", "missing: "],
    ["client_allowed_sans: a", "tls_server_config.client_allowed_sans must be a list"],
    ["client_allowed_sans: [[a]]", "tls_server_config.client_allowed_sans must be a string"],
    ["cert_path: c.pem", 'unknown key "tls_server_config.cert_path"'],
  ] as const).map(([settings, error]) => [tls(settings), error] as const),
];

/** Texts that only exporter-toolkit starts with: the sentence of this exporter, and why. */
const STRICTER: readonly (readonly [text: string, error: string, why: string])[] = [
  [
    tls("client_auth_type: RequireAndVerifyClientCert"),
    "client_auth_type RequireAndVerifyClientCert needs a client_ca_file or client_ca",
    "`RequireAndVerifyClientCert` without a client CA",
  ],
  [
    tls("max_version: TLS10"),
    "tls_server_config.max_version must be TLS12 or TLS13",
    "`max_version` `TLS10` or `TLS11`",
  ],
  [
    tls("min_version: TLS10, max_version: TLS11"),
    "tls_server_config.max_version must be TLS12 or TLS13",
    "`max_version` `TLS10` or `TLS11`",
  ],
  [
    tls("min_version: TLS13, max_version: TLS12"),
    "tls_server_config.min_version is above max_version",
    "`min_version` above `max_version`",
  ],
  ...["[X25519]", "[CurveP256, CurveP384, CurveP521]"].map((curves) =>
    [
      tls(`curve_preferences: ${curves}`),
      "tls_server_config.curve_preferences omits one of the curves",
      "`curve_preferences` without X25519, P-256 or P-384",
    ] as const
  ),
  [
    tls("cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256], max_version: TLS12"),
    "tls_server_config.cipher_suites omits suites that TLS 1.2 always offers here",
    "`cipher_suites` that leaves out a suite, together with `max_version: TLS12`",
  ],
  [
    tls("client_ca_file: k.pem, client_auth_type: RequireAndVerifyClientCert"),
    "the file contains no client CA certificate",
    "A client CA without a certificate in it",
  ],
  [
    tls("client_ca: junk, client_auth_type: RequireAnyClientCert"),
    "the file contains no client CA certificate",
    "A client CA without a certificate in it",
  ],
  ...["2y$19", "2y$31"].map((version) =>
    [
      `basic_auth_users: {a: ${hash(version)}}`,
      'the password of user "a" has the bcrypt cost ',
      "bcrypt hashes above cost 18",
    ] as const
  ),
  ...[hash("2y$10") + "x", hash("2y$10", "a".repeat(52)), hash("2$10"), hash("2x$10")].map((text) =>
    [
      `basic_auth_users: {a: ${text}}`,
      'the password of user "a" is not a bcrypt hash',
      "bcrypt hashes of another length or version than `$2a$`, `$2b$` and `$2y$`",
    ] as const
  ),
  ...["a\\r\\nb", "\\u00e9"].map((value) =>
    [
      `http_server_config: {headers: {Content-Security-Policy: "${value}"}}`,
      "the header Content-Security-Policy must be printable ASCII",
      "Header values that are not printable ASCII",
    ] as const
  ),
  ["{}\n---\n{}", "the file contains more than one document", "A second YAML document"],
  ["rate_limit: !x {}", "invalid YAML: ", "YAML tags other than those of YAML itself"],
  [
    tls("cipher_suites: [~]"),
    'tls_server_config.cipher_suites does not support ""',
    "A null in a list of suites or curves",
  ],
  [
    tls("curve_preferences: [~]"),
    'tls_server_config.curve_preferences does not support ""',
    "A null in a list of suites or curves",
  ],
];

const BLANK = "A blank `X-Frame-Options` or `X-Content-Type-Options`";

/** Texts that only this exporter starts with, what it says of them, and why. */
const LENIENT: readonly (readonly [text: string, notes: readonly string[], why: string])[] = [
  ["http_server_config: {headers: {X-Frame-Options: }}", [], BLANK],
  ["http_server_config: {headers: {X-Content-Type-Options: ''}}", [], BLANK],
  ["%YAML 1.2\n---\n{}", [], "A directive `%YAML 1.2`"],
  [
    tls("cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]"),
    ["tls_server_config.cipher_suites"],
    "`cipher_suites` without the suite of AES-128-GCM that HTTP/2 requires",
  ],
];

/** All of them. */
export const TOOLKIT_CASES: readonly ToolkitCase[] = [
  ...USED.map((text) => ({ text, toolkit: "starts" } as const)),
  ...NOTED.map(([text, setting]) => ({ text, toolkit: "starts", notes: [setting] } as const)),
  ...REFUSED.map(([text, error]) => ({ text, toolkit: "refuses", error } as const)),
  ...STRICTER.map(([text, error, why]) => ({ text, toolkit: "starts", error, why } as const)),
  ...LENIENT.map(([text, notes, why]) => ({ text, toolkit: "refuses", notes, why } as const)),
];
