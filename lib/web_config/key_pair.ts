import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { PASSED, type Result } from "../result.ts";

/** PEM blocks with a certificate. */
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** A PEM block with an unencrypted private key. */
const PRIVATE_KEY = /-----BEGIN ((?:[A-Z]+ )?)PRIVATE KEY-----[^-]+-----END \1PRIVATE KEY-----/;

/** The certificates of a PEM text, each as PEM. Null if there are none, or one is invalid. */
export function certificatesOf(pem: string): readonly string[] | null {
  const blocks = pem.match(CERTIFICATE) ?? [];
  return blocks.length > 0 && blocks.every(isCertificate) ? blocks : null;
}

/** The first unencrypted private key of a PEM text, as PEM; empty if there is none. */
export function privateKeyOf(pem: string): string {
  return PRIVATE_KEY.exec(pem)?.[0] ?? "";
}

/** The keys with which the TLS library can sign. It accepts other keys, and then every handshake fails. */
const CURVES: readonly unknown[] = ["prime256v1", "secp384r1", "secp521r1"];
const RSA_BITS = { least: 2_048, greatest: 8_192 } as const;

/** Checks whether a private key can be used with the first certificate of a chain. */
export function checkKey(
  text: string,
  [certificate = ""]: readonly string[],
): Result<undefined> {
  try {
    const key = createPrivateKey(text);
    if (!new X509Certificate(certificate).checkPrivateKey(key)) {
      return { ok: false, error: "the key does not match the certificate" };
    }
    if (canSign(key)) return PASSED;
    const error = "the key must be RSA with 2048 to 8192 bits, P-256, P-384, P-521 or Ed25519";
    return { ok: false, error };
  } catch {
    return { ok: false, error: "the file contains no unencrypted private key" };
  }
}

/** Whether one of the authorities (PEM) signed the certificate (DER). False for invalid certificates. */
export function isSignedByOneOf(authorities: readonly string[], der: Uint8Array): boolean {
  try {
    const certificate = new X509Certificate(der);
    return authorities.map((pem) => new X509Certificate(pem)).some((authority) =>
      certificate.checkIssued(authority) && certificate.verify(authority.publicKey)
    );
  } catch {
    return false;
  }
}

function canSign({ asymmetricKeyType, asymmetricKeyDetails = {} }: KeyObject): boolean {
  const { modulusLength = 0, namedCurve } = asymmetricKeyDetails;
  switch (asymmetricKeyType) {
    case "rsa":
      return modulusLength >= RSA_BITS.least && modulusLength <= RSA_BITS.greatest;
    case "ec":
      return CURVES.includes(namedCurve);
    default:
      return asymmetricKeyType === "ed25519";
  }
}

function isCertificate(block: string): boolean {
  try {
    return new X509Certificate(block).raw.length > 0;
  } catch {
    return false;
  }
}
