import fc from "fast-check";
import { addressText } from "../../lib/utmp/address.ts";
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
