import { generateKeyPairSync, sign } from "node:crypto";

/** A name of a certificate: its tag (RFC 5280, section 4.2.1.6) and its bytes, or one character for each. */
export type Name = readonly [tag: number, content: string | readonly number[]];

/** A self-signed certificate, with its key. */
export interface MadeCertificate {
  readonly der: Uint8Array;
  /** PEM. */
  readonly cert: string;
  /** PEM, PKCS #8. */
  readonly key: string;
}

const [SEQUENCE, SET, OID, OCTETS, BITS, UTF8] = [0x30, 0x31, 0x06, 0x04, 0x03, 0x0c];
const ECDSA_SHA256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const COMMON_NAME = [0x55, 0x04, 0x03];
const SUBJECT_ALT_NAME = [0x55, 0x1d, 0x11];

/** A value in DER, written without the library that reads it. */
function der(tag: number, ...content: readonly (readonly number[])[]): readonly number[] {
  const bytes = content.flat();
  const { length } = bytes;
  if (length < 0x80) return [tag, length, ...bytes];
  if (length < 0x100) return [tag, 0x81, length, ...bytes];
  return [tag, 0x82, length >> 8, length & 0xff, ...bytes];
}

function textBytes(text: string): readonly number[] {
  return Array.from(text, (character) => character.charCodeAt(0));
}

/** The extension with the names, as RFC 5280 has it; none where there are no names. */
function extensions(names: readonly Name[]): readonly number[] {
  if (names.length === 0) return [];
  const list = names.map(([tag, content]) =>
    der(0x80 | tag, typeof content === "string" ? textBytes(content) : content)
  );
  const extension = der(SEQUENCE, der(OID, SUBJECT_ALT_NAME), der(OCTETS, der(SEQUENCE, ...list)));
  return der(0xa3, der(SEQUENCE, extension));
}

/** Makes a certificate with a new key of P-256, valid in this century, that has these names. */
export function makeCertificate(names: readonly Name[] = []): MadeCertificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = der(SEQUENCE, der(OID, ECDSA_SHA256));
  const attribute = der(SEQUENCE, der(OID, COMMON_NAME), der(UTF8, textBytes("test")));
  const name = der(SEQUENCE, der(SET, attribute));
  const time = (text: string): readonly number[] => der(0x18, textBytes(text));
  const body = der(
    SEQUENCE,
    der(0xa0, der(0x02, [2])),
    der(0x02, [1]),
    algorithm,
    name,
    der(SEQUENCE, time("20000101000000Z"), time("20991231000000Z")),
    name,
    [...publicKey.export({ type: "spki", format: "der" })],
    extensions(names),
  );
  const signature = sign("sha256", Uint8Array.from(body), privateKey);
  const bytes = Uint8Array.from(der(SEQUENCE, body, algorithm, der(BITS, [0, ...signature])));
  const key = String(privateKey.export({ type: "pkcs8", format: "pem" }));
  return { der: bytes, cert: pemOf("CERTIFICATE", bytes), key };
}

/** DER as PEM. */
export function pemOf(label: string, bytes: Uint8Array): string {
  const body = bytes.toBase64().replaceAll(/.{64}/g, "$&\n").trimEnd();
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
}
