import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";

/** PEM blocks that hold a certificate. */
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** A PEM block that holds a private key without password. */
const PRIVATE_KEY = /-----BEGIN ((?:[A-Z]+ )?)PRIVATE KEY-----[^-]+-----END \1PRIVATE KEY-----/;

/** Each certificate of a PEM text, itself PEM. Null when one of them is none, or there is none. */
export function certificatesOf(pem: string): readonly string[] | null {
  const blocks = pem.match(CERTIFICATE) ?? [];
  return blocks.length > 0 && blocks.every(isCertificate) ? blocks : null;
}

/** The first private key of a PEM text, itself PEM; empty where there is none. */
export function privateKeyOf(pem: string): string {
  return PRIVATE_KEY.exec(pem)?.[0] ?? "";
}

/** What the TLS library can sign with: it takes other keys and then fails in every handshake. */
const CURVES: readonly unknown[] = ["prime256v1", "secp384r1", "secp521r1"];
const RSA_BITS = { least: 2_048, greatest: 8_192 } as const;

/** What keeps a private key from serving the first certificate of a chain; null where nothing does. */
export function faultOfKey(text: string, [certificate = ""]: readonly string[]): string | null {
  try {
    const key = createPrivateKey(text);
    if (!new X509Certificate(certificate).checkPrivateKey(key)) {
      return "it is not the key of the certificate";
    }
    return canSign(key)
      ? null
      : "its key is not RSA of 2048 to 8192 bits, P-256, P-384, P-521 or Ed25519";
  } catch {
    return "it holds no key without password";
  }
}

/** Whether one of the authorities, in PEM, signed a certificate in DER itself. False where that cannot be read. */
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
