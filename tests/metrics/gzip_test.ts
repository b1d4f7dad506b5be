import fc from "fast-check";
import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import { endOfGzip, gzipWith } from "../../lib/metrics/gzip.ts";
import { assertEquals } from "../support/assert.ts";

Deno.test("any start and a compressed end are one gzip member with both contents", async () => {
  const bytes = fc.uint8Array({ maxLength: 2_000 });
  await fc.assert(fc.asyncProperty(bytes, bytes, bytes, async (content, one, other) => {
    const end = await endOfGzip(inParts(Uint8Array.from(content)));
    for (const start of [one, other]) {
      assertMember(Buffer.concat(gzipWith(start, end)), start, content);
    }
  }));
});

for (const length of [0, 65_534, 65_535, 65_536, 131_070, 200_000]) {
  Deno.test(`a start of ${length} bytes is stored whole`, async () => {
    const start = Uint8Array.from({ length }, (_, i) => i * 7);
    const content = new TextEncoder().encode("x".repeat(300_000));
    assertMember(Buffer.concat(gzipWith(start, await endOfGzip(inParts(content)))), start, content);
  });
}

/** Checks the content, and that its length covers all, as it would not with a second member. */
function assertMember(member: Buffer, start: Uint8Array, content: Uint8Array): void {
  assertEquals(gunzipSync(member), Buffer.concat([start, content]));
  assertEquals(member.readUInt32LE(member.length - 4), start.length + content.length);
}

/** The content in parts of any size, as the steps of an exposition give it. */
async function* inParts(
  content: Uint8Array<ArrayBuffer>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < content.length; at += 300) {
    yield await Promise.resolve(content.subarray(at, at + 300));
  }
}
