/** A web configuration, what exporter-toolkit makes of it, and what this exporter does. */
export interface ToolkitCase {
  readonly text: string;
  /** What exporter-toolkit 0.20.0 does with the file when it starts to listen. */
  readonly toolkit: "starts" | "refuses";
  /** The settings on which the log has a line; none unless they are named. */
  readonly notes?: readonly string[];
  /** How the error begins with which the file is refused; without it, the file is used. */
  readonly error?: string;
  /** Why the two differ, as docs/web-configuration.md says it; absent where they agree. */
  readonly why?: string;
}

/** Configurations by the setting or the error that they have in common. */
type Grouped = Readonly<Record<string, readonly string[]>>;

/** Makes a text of each value: the value replaces the `%`. */
function each(template: string, ...values: readonly string[]): readonly string[] {
  return values.map((value) => template.replace("%", () => value));
}

const TLS = "tls_server_config: {cert_file: c.pem, key_file: k.pem, %}";
const HTTP2 = "http_server_config: {http2: %}";
const HEADERS = "http_server_config: {headers: {%}}";
const USER = "basic_auth_users: {a: %}";
const INTERVAL = "rate_limit: {interval: %, burst: 1}";
const BURST = "rate_limit: {interval: 1s, burst: %}";

/** bcrypt's version and cost with a salt and a hash of that form. */
function hash(version: string, rest = "a".repeat(53)): string {
  return `$${version}$${rest}`;
}

const AES_128 = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
const AES_256 = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
/** The suites of TLS 1.2 that are offered with the key k.pem, which is one of P-256. */
const OFFERED = [AES_128, AES_256, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"];

/** Texts that both accept without a note. */
const USED = [
  ...["", "null", "{}", "--- {}", "%YAML 1.1\n---\n{}", "basic_auth_users: null"],
  ...each("tls_server_config: %", "~", "{}", "{cert_file: ~, key_file: null}"),
  "tls_server_config: {cert_file: c.pem, key_file: k.pem}",
  ...each("http_server_config: %", "null", "{headers: null}"),
  ...each(HTTP2, "False", "no", "Off", "n", "N", "FALSE", "~", "null", "", "!!bool no"),
  ...each(HEADERS, ...each("X-XSS-Protection: %", "1", "1.50", "yes", "~", "")),
  ...each(`basic_auth_users: {%: ${hash("2y$10")}}`, "alice", "42", "true", "~", "''", "1.0"),
  ...each(USER, hash("2a$10"), hash("2b$04"), hash("2y$16")),
  ...each(BURST, "1", "1.5", "0x10", "010", "0o10", "0b11", "1_000", "+1", "1e1", "!!int '3'"),
  ...each(INTERVAL, "0", "0s", "0.0", "-1s", "-1", "~", "'1s'", "1.5h", "+1s"),
  ...each("rate_limit: %", "~", "{burst: ~}", "{<<: {interval: 1s}, burst: 1}"),
  ...each("rate_limit: {<<: %}", "[{interval: 1s}, {burst: 2}]", "{burst: 3}, burst: 2"),
  "rate_limit: &a {burst: 1}\nhttp_server_config: {headers: {X-Frame-Options: deny}}",
  ...each(TLS, "min_version: ~", "max_version: null", "min_version: TLS13", "max_version: TLS12"),
  ...each(TLS, "cipher_suites: []", "cipher_suites: ~", `cipher_suites: [${OFFERED}]`),
  ...each(TLS, `cipher_suites: [${OFFERED}], max_version: TLS12`),
  ...each(TLS, "min_version: TLS13, cipher_suites: [TLS_AES_128_GCM_SHA256]"),
  ...each(TLS, "curve_preferences: []", "curve_preferences: ~"),
  ...each(TLS, "curve_preferences: [X25519, CurveP521, CurveP384, CurveP256]"),
  ...each(TLS, "curve_preferences: [CurveP256, CurveP384, X25519]"),
  ...each(TLS, "prefer_server_cipher_suites: true", "prefer_server_cipher_suites: ~"),
  ...each(TLS, "cert: ''", "key: ~", "client_ca_file: null", "client_ca: ''"),
  ...each(TLS, "client_auth_type: ~", "client_auth_type: ''", "client_auth_type: NoClientCert"),
  ...each(TLS, "client_auth_type: RequestClientCert", "client_auth_type: RequireAnyClientCert"),
  ...each(TLS, "client_auth_type: RequireClientCert"),
  ...each(
    TLS,
    "client_auth_type: RequestClientCert, client_ca_file: c.pem",
    "client_auth_type: VerifyClientCertIfGiven, client_ca_file: c.pem",
    "client_auth_type: RequireAndVerifyClientCert, client_ca_file: c.pem",
    "client_allowed_sans: []",
    "client_allowed_sans: ~",
    "client_allowed_sans: [a, 1, true], client_auth_type: RequireAnyClientCert",
    "client_allowed_sans: [a], client_auth_type: RequestClientCert",
    "client_allowed_sans: [a], client_auth_type: VerifyClientCertIfGiven, client_ca_file: c.pem",
  ),
];

/** Texts with which both start, by the setting on which this exporter logs a note. */
const NOTED: Grouped = {
  "http_server_config.http2": each(HTTP2, "true", "True", "yes", "on", "y", "!!bool yes"),
  "basic_auth_users.a:b": [`basic_auth_users: {'a:b': ${hash("2y$10")}}`],
  "basic_auth_users.a": each(USER, hash("2y$18")),
  "rate_limit.interval": each(INTERVAL, "1"),
  "rate_limit.burst": ["rate_limit: {interval: 1s}", ...each(BURST, "0", "-1", "0.5", "~")],
  "tls_server_config": each(
    "tls_server_config: {%}",
    "min_version: TLS12",
    "cert_file: '', key_file: ''",
    "max_version: TLS11, curve_preferences: [X25519]",
    "client_allowed_sans: [a]",
  ),
  "tls_server_config.min_version": each(
    TLS,
    "min_version: TLS10",
    "min_version: TLS11, max_version: TLS12",
  ),
  "tls_server_config.prefer_server_cipher_suites": each(TLS, "prefer_server_cipher_suites: no"),
  "tls_server_config.cert": each(TLS, "cert: junk"),
  "tls_server_config.key": each(TLS, "key: junk"),
  "tls_server_config.client_ca": each(
    TLS,
    "client_ca: junk, client_ca_file: c.pem, client_auth_type: RequestClientCert",
  ),
  "tls_server_config.client_auth_type": each(TLS, "client_auth_type: VerifyClientCertIfGiven"),
  "tls_server_config.client_allowed_sans": each(TLS, "client_allowed_sans: [a]"),
  "tls_server_config.cipher_suites": each(
    TLS,
    `cipher_suites: [${AES_128}]`,
    `cipher_suites: [${AES_128}, TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA]`,
  ),
};

const NOT_HASH = 'the password of user "a" is not a bcrypt hash';
const COST = 'the password of user "a" has the bcrypt cost ';
const NO_SUITE = "tls_server_config.cipher_suites does not support ";
const NO_CURVE = "tls_server_config.curve_preferences does not support ";
const MAX_VERSION = "tls_server_config.max_version must be TLS12 or TLS13";
const NO_CA = "the file contains no client CA certificate";

/** Texts that both refuse, by how the error of this exporter begins. */
const REFUSED: Grouped = {
  "the file must be a mapping": ["- a", "a"],
  'unknown key "a"': ["a: b"],
  'unknown key "TLS_server_config"': ["TLS_server_config: {}"],
  "invalid YAML: ": [
    ...["{", "http_server_config:\n\theaders: {}", "rate_limit: {<<: x}"],
    "basic_auth_users: {? [a] : b}",
  ],
  "invalid YAML: duplicated mapping key": [
    "rate_limit: {burst: 1}\nrate_limit: {burst: 1}",
    "rate_limit: {burst: 1, burst: 2}",
  ],
  "tls_server_config must be a mapping": each("tls_server_config: %", "''", "[]"),
  "basic_auth_users must be a mapping": ["basic_auth_users: ''"],
  "http_server_config.http2 must be true or false": [
    ...each(HTTP2, "'false'", '"no"', "0", "1", "maybe", "''", "!!str no", "[false]", "tRUE"),
  ],
  "http_server_config.headers must be a mapping": ["http_server_config: {headers: ''}"],
  'the header "Content-Type" cannot be configured': each(HEADERS, "Content-Type: a"),
  'the header "x-frame-options" cannot be configured': each(HEADERS, "x-frame-options: deny"),
  "the header X-Frame-Options must be deny or sameorigin": each(HEADERS, "X-Frame-Options: DENY"),
  "the header X-Content-Type-Options must be nosniff": each(
    HEADERS,
    "X-Content-Type-Options: sniff",
  ),
  [NOT_HASH]: each(USER, "secret", "null"),
  [`${COST}3`]: each(USER, hash("2y$03")),
  [`${COST}32`]: each(USER, hash("2y$32")),
  "rate_limit.interval must be a duration": each(INTERVAL, "1d", "true", "''", "1:10"),
  "rate_limit.burst must be a number": each(BURST, "'1'", "true", "''", "1:10", "many"),
  "tls_server_config has no key_file and no key": ["tls_server_config: {cert_file: c.pem}"],
  "tls_server_config has no cert_file and no cert": each(
    "tls_server_config: {%}",
    "key_file: k.pem",
    "cert_file: '', key_file: '', client_auth_type: x",
  ),
  [`${NO_SUITE}"A"`]: ["tls_server_config: {cipher_suites: [A]}"],
  "missing: ": [
    "tls_server_config: {cert_file: none.pem, key_file: k.pem}",
    "tls_server_config: {cert_file: c.pem, key_file: none.pem}",
    ...each(TLS, "client_ca_file: none.pem, client_auth_type: RequestClientCert"),
  ],
  "the file contains no certificate": ["tls_server_config: {cert_file: k.pem, key_file: c.pem}"],
  "the key does not match the certificate": [
    "tls_server_config: {cert_file: other.pem, key_file: k.pem}",
  ],
  "tls_server_config.min_version must be TLS12 or TLS13": [
    ...each(TLS, "min_version: TLS111", "min_version: ''"),
  ],
  [MAX_VERSION]: each(TLS, "max_version: 12"),
  "tls_server_config.cipher_suites must be a list": [
    ...each(TLS, "cipher_suites: ''", "cipher_suites: TLS_AES_128_GCM_SHA256"),
  ],
  [`${NO_SUITE}""`]: each(TLS, "cipher_suites: ['']"),
  [`${NO_SUITE}"TLS_RSA_WITH_AES_128_GCM_SHA256"`]: [
    ...each(TLS, "cipher_suites: [TLS_RSA_WITH_AES_128_GCM_SHA256]"),
  ],
  [`${NO_SUITE}"tls_aes_128_gcm_sha256"`]: each(TLS, "cipher_suites: [tls_aes_128_gcm_sha256]"),
  [`${NO_CURVE}"P256"`]: each(TLS, "curve_preferences: [P256]"),
  [`${NO_CURVE}"X25519MLKEM768"`]: each(TLS, "curve_preferences: [X25519MLKEM768]"),
  "tls_server_config.prefer_server_cipher_suites must be true or false": [
    ...each(TLS, "prefer_server_cipher_suites: 'true'"),
  ],
  "tls_server_config.client_auth_type must be one of NoClientCert, ": [
    ...each(TLS, "client_auth_type: noclientcert"),
  ],
  "tls_server_config has a client CA, but no client_auth_type": each(TLS, "client_ca_file: c.pem"),
  "tls_server_config.client_allowed_sans must be a list": each(TLS, "client_allowed_sans: a"),
  "tls_server_config.client_allowed_sans must be a string": each(TLS, "client_allowed_sans: [[a]]"),
  'unknown key "tls_server_config.cert_path"': each(TLS, "cert_path: c.pem"),
};

const NULL_IN_LIST = "A null in a list of suites or curves";
const VERSION = "`max_version` `TLS10` or `TLS11`";
const EMPTY_CA = "A client CA without a certificate in it";

/** Texts that only exporter-toolkit starts with: why, the error of this exporter, and the texts. */
const STRICTER: readonly (readonly [why: string, error: string, texts: readonly string[]])[] = [
  [
    "`RequireAndVerifyClientCert` without a client CA",
    "client_auth_type RequireAndVerifyClientCert needs a client_ca_file or client_ca",
    each(TLS, "client_auth_type: RequireAndVerifyClientCert"),
  ],
  [VERSION, MAX_VERSION, each(TLS, "max_version: TLS10", "min_version: TLS10, max_version: TLS11")],
  [
    "`min_version` above `max_version`",
    "tls_server_config.min_version is above max_version",
    each(TLS, "min_version: TLS13, max_version: TLS12"),
  ],
  [
    "`curve_preferences` without X25519, P-256 or P-384",
    "tls_server_config.curve_preferences omits one of the curves",
    each(TLS, ...each("curve_preferences: [%]", "X25519", "CurveP256, CurveP384, CurveP521")),
  ],
  [
    "`cipher_suites` that leaves out a suite, together with `max_version: TLS12`",
    "tls_server_config.cipher_suites omits suites that TLS 1.2 always offers here",
    each(TLS, `cipher_suites: [${AES_128}], max_version: TLS12`),
  ],
  [
    EMPTY_CA,
    NO_CA,
    each(TLS, "client_ca_file: k.pem, client_auth_type: RequireAndVerifyClientCert"),
  ],
  [EMPTY_CA, NO_CA, each(TLS, "client_ca: junk, client_auth_type: RequireAnyClientCert")],
  ["bcrypt hashes above cost 18", COST, each(USER, hash("2y$19"), hash("2y$31"))],
  [
    "bcrypt hashes of another length or version than `$2a$`, `$2b$` and `$2y$`",
    NOT_HASH,
    each(
      USER,
      ...[hash("2y$10") + "x", hash("2y$10", "a".repeat(52)), hash("2$10"), hash("2x$10")],
    ),
  ],
  [
    "Header values that are not printable ASCII",
    "the header Content-Security-Policy must be printable ASCII",
    each(HEADERS, ...each('Content-Security-Policy: "%"', "a\\r\\nb", "\\u00e9")),
  ],
  ["A second YAML document", "the file contains more than one document", ["{}\n---\n{}"]],
  ["YAML tags other than those of YAML itself", "invalid YAML: ", ["rate_limit: !x {}"]],
  [NULL_IN_LIST, `${NO_SUITE}""`, each(TLS, "cipher_suites: [~]")],
  [NULL_IN_LIST, `${NO_CURVE}""`, each(TLS, "curve_preferences: [~]")],
];

const BLANK = "A blank `X-Frame-Options` or `X-Content-Type-Options`";

/** Texts that only this exporter starts with, its notes, and why. */
const LENIENT: readonly (readonly [text: string, notes: readonly string[], why: string])[] = [
  ["http_server_config: {headers: {X-Frame-Options: }}", [], BLANK],
  ["http_server_config: {headers: {X-Content-Type-Options: ''}}", [], BLANK],
  ["%YAML 1.2\n---\n{}", [], "A directive `%YAML 1.2`"],
  [
    TLS.replace("%", `cipher_suites: [${AES_256}]`),
    ["tls_server_config.cipher_suites"],
    "`cipher_suites` without the suite of AES-128-GCM that HTTP/2 requires",
  ],
];

/** All of them. */
export const TOOLKIT_CASES: readonly ToolkitCase[] = [
  ...USED.map((text) => ({ text, toolkit: "starts" } as const)),
  ...Object.entries(NOTED).flatMap(([setting, texts]) =>
    texts.map((text) => ({ text, toolkit: "starts", notes: [setting] } as const))
  ),
  ...Object.entries(REFUSED).flatMap(([error, texts]) =>
    texts.map((text) => ({ text, toolkit: "refuses", error } as const))
  ),
  ...STRICTER.flatMap(([why, error, texts]) =>
    texts.map((text) => ({ text, toolkit: "starts", error, why } as const))
  ),
  ...LENIENT.map(([text, notes, why]) => ({ text, toolkit: "refuses", notes, why } as const)),
];
