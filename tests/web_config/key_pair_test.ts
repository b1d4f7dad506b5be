import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import {
  certificatesOf,
  faultOfKey,
  isSignedByOneOf,
  privateKeyOf,
} from "../../lib/web_config/key_pair.ts";
import { assertEquals } from "../support/assert.ts";
import { makeCertificate, pemOf } from "../support/certificate.ts";

const [FIRST, SECOND] = [makeCertificate(), makeCertificate()];

Deno.test("each certificate of a text is found, whatever is around it", () => {
  const [first, second] = [FIRST.cert.trimEnd(), SECOND.cert.trimEnd()];
  assertEquals(certificatesOf(FIRST.cert), [first]);
  assertEquals(certificatesOf(`# mine\n${FIRST.cert}${FIRST.key}${SECOND.cert}end`), [
    first,
    second,
  ]);
  const windows = certificatesOf(FIRST.cert.replaceAll("\n", "\r\n"));
  assertEquals(windows?.length, 1);
});

for (
  const [what, text] of [
    ["nothing", ""],
    ["a key", FIRST.key],
    ["no base64", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----"],
    ["no certificate in it", pemOf("CERTIFICATE", Uint8Array.of(1, 2, 3))],
    ["a good and a bad one", FIRST.cert + pemOf("CERTIFICATE", FIRST.der.subarray(0, 90))],
    ["a cut one", FIRST.cert.slice(0, -30)],
  ] as const
) {
  Deno.test(`no certificates in ${what}`, () => assertEquals(certificatesOf(text), null));
}

const NO_KEY = "the file contains no unencrypted private key";
const OTHER = "the key does not match the certificate";

function sec1(pem: string): string {
  return String(createPrivateKey(pem).export({ type: "sec1", format: "pem" }));
}

for (
  const [what, text, expected] of [
    ["a key", FIRST.key, FIRST.key.trimEnd()],
    ["a key in SEC 1", sec1(FIRST.key), sec1(FIRST.key).trimEnd()],
    ["a key behind certificates", FIRST.cert + SECOND.cert + FIRST.key, FIRST.key.trimEnd()],
    [
      "parameters before the key",
      pemOf("EC PARAMETERS", FIRST.der) + FIRST.key,
      FIRST.key.trimEnd(),
    ],
    ["nothing", "", ""],
    ["a certificate", FIRST.cert, ""],
    ["a key with password", "-----BEGIN RSA PRIVATE KEY-----\nDEK-Info: AES-128-CBC,1\n", ""],
    ["a cut key", FIRST.key.slice(0, -20), ""],
  ] as const
) {
  Deno.test(`the key of a text with ${what}`, () => assertEquals(privateKeyOf(text), expected));
}

/** A key of its own kind, which cannot be that of the certificate. */
function keyOf(kind: "rsa" | "ed25519"): string {
  const { privateKey } = kind === "rsa"
    ? generateKeyPairSync("rsa", { modulusLength: 2_048 })
    : generateKeyPairSync("ed25519");
  return String(privateKey.export({ type: "pkcs8", format: "pem" }));
}

for (
  const [what, key, expected] of [
    ["its key", FIRST.key, null],
    ["its key in SEC 1", sec1(FIRST.key), null],
    ["the key of another", SECOND.key, OTHER],
    ["an RSA key", keyOf("rsa"), OTHER],
    ["an Ed25519 key", keyOf("ed25519"), OTHER],
    ["a certificate", FIRST.cert, NO_KEY],
    ["nothing", "", NO_KEY],
    ["garbage", pemOf("PRIVATE KEY", Uint8Array.of(1, 2, 3)), NO_KEY],
    ["a cut key", FIRST.key.slice(0, 60), NO_KEY],
  ] as const
) {
  Deno.test(`a certificate and ${what}: ${expected ?? "a pair"}`, () => {
    assertEquals(faultOfKey(key, [FIRST.cert, SECOND.cert]), expected);
  });
}

Deno.test("the issuer of a certificate is found by its signature", () => {
  assertEquals(isSignedByOneOf([FIRST.cert], FIRST.der), true);
  assertEquals(isSignedByOneOf([SECOND.cert, FIRST.cert], FIRST.der), true);
  // The names of both are the same, and the signature is not.
  assertEquals(isSignedByOneOf([SECOND.cert], FIRST.der), false);
  assertEquals(isSignedByOneOf([], FIRST.der), false);
  assertEquals(isSignedByOneOf([FIRST.cert], Uint8Array.of(1, 2, 3)), false);
  assertEquals(isSignedByOneOf(["garbage"], FIRST.der), false);
});
