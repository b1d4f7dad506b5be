import fc from "fast-check";
import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import { endGzip, startGzip } from "../lib/gzip.ts";
import { assertEquals } from "./assert.ts";

Deno.test("a start and any of its ends are one gzip member with both contents", async () => {
  const bytes = fc.uint8Array({ maxLength: 2_000 });
  await fc.assert(fc.asyncProperty(bytes, bytes, bytes, async (content, one, other) => {
    const start = await startGzip(inParts(content));
    for (const more of [one, other]) {
      const member = Buffer.concat([start.bytes, await endGzip(start, more)]);
      assertEquals(gunzipSync(member), Buffer.concat([content, more]));
      // A second member would begin with the same two bytes; the length in the trailer is that of all.
      assertEquals(member.readUInt32LE(member.length - 4), content.length + more.length);
    }
  }));
});

/** The content in parts of any size, as the steps of an exposition give it. */
async function* inParts(content: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += 300) {
    yield await Promise.resolve(content.subarray(at, at + 300));
  }
}
