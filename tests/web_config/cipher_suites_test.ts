import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { CIPHER_SUITES, rulesOutTls12 } from "../../lib/web_config/cipher_suites.ts";
import { assertEquals } from "../support/assert.ts";

/** The suites of TLS 1.2 that openssl finds at a server of the TLS library, by the kind of its key. */
function suitesOf(kind: string): readonly string[] {
  return ["AES_128_GCM_SHA256", "AES_256_GCM_SHA384", "CHACHA20_POLY1305_SHA256"]
    .map((name) => `TLS_ECDHE_${kind}_WITH_${name}`);
}

for (
  const [name, kind, { privateKey }] of [
    ["RSA", "RSA", generateKeyPairSync("rsa", { modulusLength: 2048 })],
    ["ECDSA", "ECDSA", generateKeyPairSync("ec", { namedCurve: "P-256" })],
    ["Ed25519", "ECDSA", generateKeyPairSync("ed25519")],
  ] as readonly (readonly [string, string, { readonly privateKey: KeyObject }])[]
) {
  Deno.test(`${name}: a list rules out TLS 1.2 unless it is empty or has all suites of ${kind}`, () => {
    const key = String(privateKey.export({ type: "pkcs8", format: "pem" }));
    const offered = suitesOf(kind);
    const others = suitesOf(kind === "RSA" ? "ECDSA" : "RSA");
    for (const suites of [[], offered, [...others, ...offered], CIPHER_SUITES]) {
      assertEquals(rulesOutTls12(suites, key), false);
    }
    const without = offered.map((left) => CIPHER_SUITES.filter((suite) => suite !== left));
    for (const suites of [...without, others]) assertEquals(rulesOutTls12(suites, key), true);
  });
}

Deno.test("the known suites are the 13 of Go's crypto/tls", () => {
  assertEquals([CIPHER_SUITES.length, new Set(CIPHER_SUITES).size], [13, 13]);
});
