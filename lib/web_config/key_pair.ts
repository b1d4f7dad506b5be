import { createPrivateKey, X509Certificate } from "node:crypto";

/** PEM blocks that hold a certificate. */
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Each certificate of a PEM text, itself PEM. Null when one of them is none, or there is none. */
export function certificatesOf(pem: string): readonly string[] | null {
  const blocks = pem.match(CERTIFICATE) ?? [];
  return blocks.length > 0 && blocks.every(isCertificate) ? blocks : null;
}

/** Whether a private key belongs to the first certificate. Null when the text holds no key that can be used. */
export function isKeyOf(key: string, [certificate = ""]: readonly string[]): boolean | null {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
  } catch {
    return null;
  }
}

function isCertificate(block: string): boolean {
  try {
    return new X509Certificate(block).raw.length > 0;
  } catch {
    return false;
  }
}
