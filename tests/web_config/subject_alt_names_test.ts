import fc from "fast-check";
import { subjectAltNames } from "../../lib/web_config/subject_alt_names.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { makeCertificate, type Name } from "../support/certificate.ts";

const [OTHER, EMAIL, DNS, DIRECTORY, URI, IP, ID] = [0, 1, 2, 4, 6, 7, 8];

const CASES: readonly (readonly [readonly Name[], readonly string[]])[] = [
  [[], []],
  [[[DNS, "client.test"]], ["client.test"]],
  [[[DNS, "a.test"], [DNS, "b.test"]], ["a.test", "b.test"]],
  [[[EMAIL, "a@client.test"]], ["a@client.test"]],
  [[[URI, "spiffe://x/y"]], ["spiffe://x/y"]],
  [[[IP, [10, 1, 2, 3]]], ["10.1.2.3"]],
  [[[IP, [0x20, 1, 0xd, 0xb8, ...Array(11).fill(0), 1]]], ["2001:db8::1"]],
  [[[IP, Array(16).fill(0)]], ["::"]],
  [[[IP, [1, 2, 3]]], []],
  [[[IP, Array(8).fill(255)]], []],
  [[[DNS, "a, DNS:admin"]], ["a, DNS:admin"]],
  [[[URI, "http://x/, DNS:admin"]], ["http://x/, DNS:admin"]],
  [[[EMAIL, 'q"uo\\te@x']], ['q"uo\\te@x']],
  [[[DNS, "a\0b"]], ["a\0b"]],
  [[[DNS, ""]], [""]],
  [[[DNS, "\xfc"]], ["\xfc"]],
  [[[DNS, "x".repeat(5_000)]], ["x".repeat(5_000)]],
  [[[ID, [0x2a, 3]], [DNS, "a.test"]], ["a.test"]],
  [[[OTHER, "admin"], [DIRECTORY, "admin"], [3, "admin"], [5, "admin"]], []],
];

for (const [names, expected] of CASES) {
  Deno.test(`names ${JSON.stringify(names).slice(0, 80)}`, () => {
    assertEquals(subjectAltNames(makeCertificate(names).der), expected);
  });
}

const { der } = makeCertificate([[DNS, "client.test"], [IP, [10, 0, 0, 1]]]);

Deno.test("a certificate in a larger buffer is read at its offset", () => {
  const buffer = new Uint8Array(der.length + 20);
  buffer.set(der, 10);
  assertEquals(subjectAltNames(buffer.subarray(10, 10 + der.length)), ["client.test", "10.0.0.1"]);
});

Deno.test("garbage and a truncated or modified certificate never throw", () => {
  assertEquals(subjectAltNames(new Uint8Array(0)), []);
  for (let length = 0; length < der.length; length++) subjectAltNames(der.subarray(0, length));
  const check = (bytes: Uint8Array): void => assert(Array.isArray(subjectAltNames(bytes)));
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), check));
  const change = fc.tuple(fc.nat(der.length - 1), fc.nat(255));
  const changed = fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
    const bytes = der.slice();
    for (const [at, value] of changes) bytes[at] = value;
    return bytes;
  });
  fc.assert(fc.property(changed, check), { numRuns: 2_000 });
});
