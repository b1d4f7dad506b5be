import { createPrivateKey } from "node:crypto";

/** The values of cipher_suites: the names in CipherSuites of Go's crypto/tls. */
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

/** The TLS 1.2 suites that the TLS library (rustls) offers for this kind of key. */
function offeredWith(key: string): readonly string[] {
  return [
    `TLS_ECDHE_${key}_WITH_AES_128_GCM_SHA256`,
    `TLS_ECDHE_${key}_WITH_AES_256_GCM_SHA384`,
    `TLS_ECDHE_${key}_WITH_CHACHA20_POLY1305_SHA256`,
  ];
}

/**
 * The offered suites and curves, with the names of OpenSSL. The TLS library of Deno (rustls) always offers
 * exactly these; that of Node would offer more.
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
 * Whether a list of cipher suites omits a TLS 1.2 suite that is always offered with this private key (PEM).
 * The TLS library cannot restrict the suites, so such a list rules out TLS 1.2. An empty list has no effect.
 */
export function rulesOutTls12(suites: readonly string[], key: string): boolean {
  if (suites.length === 0) return false;
  const kind = createPrivateKey(key).asymmetricKeyType === "rsa" ? "RSA" : "ECDSA";
  return offeredWith(kind).some((suite) => !suites.includes(suite));
}
