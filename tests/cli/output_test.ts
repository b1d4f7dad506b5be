import { type Output, writeBytes, writeText } from "../../lib/cli/output.ts";
import { assertEquals, assertThrows } from "../support/assert.ts";

/** A stream that takes two bytes at a time. */
function narrowStream(): { readonly output: Output; readonly written: () => string } {
  const written: number[] = [];
  return {
    output: {
      writeSync: (bytes) => written.push(...bytes.subarray(0, 2)) && Math.min(bytes.length, 2),
    },
    written: () => new TextDecoder().decode(Uint8Array.from(written)),
  };
}

Deno.test("everything is written to a stream with short writes, and nothing for an empty text", () => {
  const { output, written } = narrowStream();
  writeBytes(output, new Uint8Array());
  assertEquals(written(), "");
  writeText(output, "sessions ü\n");
  assertEquals(written(), "sessions ü\n");
});

Deno.test("the error of a closed pipe is thrown", () => {
  const output: Output = {
    writeSync: () => {
      throw new Deno.errors.BrokenPipe("gone");
    },
  };
  assertThrows(() => writeText(output, "x"), Deno.errors.BrokenPipe, "gone");
});
