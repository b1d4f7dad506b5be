import { createPrivateKey } from "node:crypto";

/** What cipher_suites takes: the names that Go's crypto/tls lists in CipherSuites. */
export const CIPHER_SUITES: readonly string[] = [
  "TLS_AES_128_GCM_SHA256",
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  ...["ECDSA", "RSA"].flatMap((key) => [
    `TLS_ECDHE_${key}_WITH_AES_128_CBC_SHA`,
    `TLS_ECDHE_${key}_WITH_AES_256_CBC_SHA`,
    ...offeredWith(key),
  ]),
];

/** The suites of TLS 1.2 that the TLS library (rustls) offers with a certificate of this kind. */
function offeredWith(key: string): readonly string[] {
  return [
    `TLS_ECDHE_${key}_WITH_AES_128_GCM_SHA256`,
    `TLS_ECDHE_${key}_WITH_AES_256_GCM_SHA384`,
    `TLS_ECDHE_${key}_WITH_CHACHA20_POLY1305_SHA256`,
  ];
}

/**
 * What is offered, as OpenSSL names it. The TLS library of Deno (rustls) takes no choice and offers just
 * these; that of Node would offer more.
 */
export const OPENSSL_OFFER = {
  ciphers: [
    ...["TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256"],
    ...["ECDSA", "RSA"].flatMap((key) =>
      ["AES256-GCM-SHA384", "AES128-GCM-SHA256", "CHACHA20-POLY1305"].map((name) =>
        `ECDHE-${key}-${name}`
      )
    ),
  ].join(":"),
  ecdhCurve: "X25519:P-256:P-384",
} as const;

/**
 * Whether a list of cipher suites leaves out one of TLS 1.2 that would be offered with a private key in PEM.
 * An empty list leaves out none. The TLS library takes no choice, so such a list rules out TLS 1.2.
 */
export function rulesOutTls12(suites: readonly string[], key: string): boolean {
  if (suites.length === 0) return false;
  const kind = createPrivateKey(key).asymmetricKeyType === "rsa" ? "RSA" : "ECDSA";
  return offeredWith(kind).some((suite) => !suites.includes(suite));
}
