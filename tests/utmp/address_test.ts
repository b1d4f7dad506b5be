import fc from "fast-check";
import { addressText, ipv4Text, parseIpv4 } from "../../lib/utmp/address.ts";
import { assertEquals } from "../support/assert.ts";

/** The 16 bytes of a record, with other bytes before and after. */
function textOf(address: Uint8Array): string {
  const bytes = new Uint8Array(32).fill(0xee);
  bytes.set(address, 7);
  return addressText(new DataView(bytes.buffer, 4), 3);
}

// The property tests below cover the other addresses.
for (
  const [hex, text] of [
    ["00000000000000000000000000000000", ""],
    ["c0000201000000000000000000000000", "192.0.2.1"],
    // An IPv6 prefix without an interface part cannot be told from IPv4, and reads as IPv4 (utmp(5)).
    ["20010db8000000000000000000000000", "32.1.13.184"],
    ["00000000000000000000ffff00000000", "::ffff:0.0.0.0"],
    // Similar to IPv4-mapped.
    ["00000000000000000001ffffc0000201", "::1:ffff:c000:201"],
    ["00010000000000000000ffffc0000201", "1::ffff:c000:201"],
    ["00000000000000000000fffec0000201", "::fffe:c000:201"],
    ["000000000000000000000000c0000201", "::c000:201"],
  ] as const
) {
  Deno.test(`${hex} is ${text === "" ? "no address" : text}`, () => {
    assertEquals(textOf(Uint8Array.fromHex(hex)), text);
  });
}

/** Zero groups are frequent, because they have rules of their own. */
const GROUP = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));

Deno.test("every IPv6 address is written as in the URL standard", () => {
  fc.assert(
    fc.property(fc.array(GROUP, { minLength: 8, maxLength: 8 }), (groups) => {
      fc.pre(groups.slice(2).some((group) => group !== 0));
      fc.pre(groups[5] !== 0xffff || groups.slice(0, 5).some((group) => group !== 0));
      const long = groups.map((group) => group.toString(16).padStart(4, "0"));
      const address = Uint8Array.fromHex(long.join(""));
      assertEquals(`[${textOf(address)}]`, new URL(`http://[${long.join(":")}]/`).hostname);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("every IPv4 address, plain or mapped, is parsed to its bytes by the URL standard", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), (four) => {
      fc.pre(four.some((byte) => byte !== 0));
      const bare = new Uint8Array(16);
      bare.set(four);
      assertEquals(new URL(`http://${textOf(bare)}/`).hostname, four.join("."));
      const mapped = new Uint8Array(16).fill(0xff, 10, 12);
      mapped.set(four, 12);
      assertEquals(textOf(mapped), `::ffff:${four.join(".")}`);
    }),
    { numRuns: 500 },
  );
});

/** What is parsed from a field in the middle of other bytes. */
function parsed(text: string, length = 256): string | null {
  const bytes = new Uint8Array(3 + 256 + 8).fill(0x31);
  bytes.set(new TextEncoder().encode(text.padEnd(256, "\0")).subarray(0, 256), 3);
  const address = parseIpv4(bytes, 3, length);
  return address === null ? null : ipv4Text(address);
}

for (const text of ["0.0.0.0", "1.2.3.4", "192.0.2.1", "127.255.0.9", "255.255.255.255"]) {
  Deno.test(`${text} is an IPv4 address`, () => assertEquals(parsed(text), text));
}

for (
  const text of [
    "",
    "1.2.3",
    "1.2.3.",
    ".1.2.3",
    "1..2.3",
    "1.2.3.4.",
    "1.2.3.4.5",
    "256.0.0.1",
    "1.2.3.999",
    "01.2.3.4",
    "1.2.3.00",
    "1.2.3.4 ",
    "1.2.3.4x",
    "::1",
    "host.example",
    "1.2.3.4:0",
    "4294967296",
    "１.2.3.4",
  ]
) {
  Deno.test(`${JSON.stringify(text)} is no IPv4 address`, () => assertEquals(parsed(text), null));
}

Deno.test("an IPv4 address ends with its field, and with the bytes", () => {
  assertEquals(parsed("192.0.2.123", 10), "192.0.2.12");
  assertEquals(parseIpv4(new TextEncoder().encode("192.0.2.1"), 0, 32), 0xc0000201 | 0);
  assertEquals(parseIpv4(new TextEncoder().encode("192.0.2."), 0, 32), null);
});

Deno.test("what parses gives the same text again, and every address parses", () => {
  fc.assert(fc.property(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), (address) => {
    assertEquals(parsed(ipv4Text(address)), ipv4Text(address));
  }));
  const text = fc.string({ unit: fc.constantFrom(..."0123456789.") });
  fc.assert(fc.property(text, (text) => {
    const found = parsed(text);
    assertEquals(found ?? text, text);
  }));
});
