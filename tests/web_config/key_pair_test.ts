import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import {
  certificatesOf,
  checkKey,
  isSignedByOneOf,
  privateKeyOf,
} from "../../lib/web_config/key_pair.ts";
import { assertEquals } from "../support/assert.ts";
import { makeCertificate, pemOf } from "../support/certificate.ts";

const [FIRST, SECOND] = [makeCertificate(), makeCertificate()];
const [CERT, OTHER_CERT, KEY] = [FIRST.cert, SECOND.cert, FIRST.key];

for (
  const [what, text, expected] of [
    ["one certificate", CERT, [CERT]],
    ["text and a key around two", `# mine\n${CERT}${KEY}${OTHER_CERT}end`, [CERT, OTHER_CERT]],
    ["nothing", "", null],
    ["a key", KEY, null],
    ["no base64", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----", null],
    ["no certificate in it", pemOf("CERTIFICATE", Uint8Array.of(1, 2, 3)), null],
    ["a good and a bad one", CERT + pemOf("CERTIFICATE", FIRST.der.subarray(0, 90)), null],
    ["a cut one", CERT.slice(0, -30), null],
  ] as const
) {
  Deno.test(`certificates of a text with ${what}: ${expected?.length ?? "none"}`, () => {
    assertEquals(certificatesOf(text), expected?.map((pem) => pem.trimEnd()) ?? null);
  });
}

Deno.test("certificates can have the line ends of Windows", () => {
  assertEquals(certificatesOf(CERT.replaceAll("\n", "\r\n"))?.length, 1);
});

const SEC1 = String(createPrivateKey(KEY).export({ type: "sec1", format: "pem" }));

for (
  const [what, text, expected] of [
    ["a key", KEY, KEY],
    ["a key in SEC 1", SEC1, SEC1],
    ["a key behind certificates", CERT + OTHER_CERT + KEY, KEY],
    ["parameters before the key", pemOf("EC PARAMETERS", FIRST.der) + KEY, KEY],
    ["nothing", "", ""],
    ["a certificate", CERT, ""],
    ["a key with password", "-----BEGIN RSA PRIVATE KEY-----\nDEK-Info: AES-128-CBC,1\n", ""],
    ["a cut key", KEY.slice(0, -20), ""],
  ] as const
) {
  Deno.test(`the key of a text with ${what}`, () => {
    assertEquals(privateKeyOf(text), expected.trimEnd());
  });
}

const NO_KEY = "the file contains no unencrypted private key";
const OTHER = "the key does not match the certificate";

function pem({ privateKey }: { readonly privateKey: KeyObject }): string {
  return String(privateKey.export({ type: "pkcs8", format: "pem" }));
}

for (
  const [what, key, expected] of [
    ["its key", KEY, null],
    ["its key in SEC 1", SEC1, null],
    ["the key of another", SECOND.key, OTHER],
    ["an RSA key", pem(generateKeyPairSync("rsa", { modulusLength: 2_048 })), OTHER],
    ["an Ed25519 key", pem(generateKeyPairSync("ed25519")), OTHER],
    ["a certificate", CERT, NO_KEY],
    ["nothing", "", NO_KEY],
    ["garbage", pemOf("PRIVATE KEY", Uint8Array.of(1, 2, 3)), NO_KEY],
    ["a cut key", KEY.slice(0, 60), NO_KEY],
  ] as const
) {
  Deno.test(`a certificate and ${what}: ${expected ?? "a pair"}`, () => {
    const checked = checkKey(key, [CERT, OTHER_CERT]);
    assertEquals(checked.ok ? null : checked.error, expected);
  });
}

Deno.test("the issuer of a certificate is found by its signature, not by its name", () => {
  for (const issuers of [[CERT], [OTHER_CERT, CERT]]) {
    assertEquals(isSignedByOneOf(issuers, FIRST.der), true);
  }
  for (const issuers of [[OTHER_CERT], [], ["garbage"]]) {
    assertEquals(isSignedByOneOf(issuers, FIRST.der), false);
  }
  assertEquals(isSignedByOneOf([CERT], Uint8Array.of(1, 2, 3)), false);
});
