import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { CIPHER_SUITES, rulesOutTls12 } from "../../lib/web_config/cipher_suites.ts";
import { assertEquals } from "../support/assert.ts";

function pem(key: KeyObject): string {
  return String(key.export({ type: "pkcs8", format: "pem" }));
}

const KEYS = {
  RSA: pem(generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey),
  ECDSA: pem(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey),
  Ed25519: pem(generateKeyPairSync("ed25519").privateKey),
};

/** The suites of TLS 1.2 that openssl finds at a server of the TLS library, by the kind of its key. */
const OFFERED = (kind: string): readonly string[] =>
  ["AES_128_GCM_SHA256", "AES_256_GCM_SHA384", "CHACHA20_POLY1305_SHA256"].map((name) =>
    `TLS_ECDHE_${kind}_WITH_${name}`
  );

for (const [name, key] of Object.entries(KEYS)) {
  const offered = OFFERED(name === "RSA" ? "RSA" : "ECDSA");
  const others = OFFERED(name === "RSA" ? "ECDSA" : "RSA");

  Deno.test(`${name}: an empty list and lists with all offered suites allow TLS 1.2`, () => {
    for (const suites of [[], offered, [...others, ...offered], CIPHER_SUITES]) {
      assertEquals(rulesOutTls12(suites, key), false);
    }
  });

  Deno.test(`${name}: a list without one of the offered suites rules out TLS 1.2`, () => {
    for (const left of offered) {
      const suites = CIPHER_SUITES.filter((suite) => suite !== left);
      assertEquals(rulesOutTls12(suites, key), true, left);
    }
    assertEquals(rulesOutTls12(others, key), true);
  });
}

Deno.test("the known suites are the 13 of Go's crypto/tls", () => {
  assertEquals(new Set(CIPHER_SUITES).size, 13);
  assertEquals(CIPHER_SUITES.length, 13);
});
