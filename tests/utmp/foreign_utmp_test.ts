import { detectLayout } from "../../lib/utmp/detect.ts";
import { LAYOUT_NAMES } from "../../lib/utmp/layout.ts";
import { assertEquals } from "../support/assert.ts";
import { FOREIGN, UNKNOWN_SIZES, unknownFile } from "../support/foreign_utmp.ts";

/** The native layouts with which the bytes match a layout. */
function takenBy(bytes: Uint8Array): readonly string[] {
  return LAYOUT_NAMES.filter((native) => detectLayout(bytes, native).isMatch);
}

for (const [system, fileOf] of Object.entries(FOREIGN)) {
  for (const count of [1, 2, 3]) {
    Deno.test(`a file of ${system} with logins: ${count} has no layout`, () => {
      assertEquals(takenBy(fileOf(count)), []);
    });
  }
}

for (const size of UNKNOWN_SIZES) {
  for (const count of [2, 3]) {
    Deno.test(`a file with ${count} records of ${size} bytes, a size of no port, has no layout`, () => {
      assertEquals(takenBy(unknownFile(size, count)), []);
    });
  }
}

for (
  const [what, text] of [
    ["/etc/passwd", "root:x:0:0:root:/root:/bin/bash\n".repeat(30)],
    ["HTML", `<!DOCTYPE html>\n<html lang="en">${"<p>404</p>\n".repeat(60)}</html>`],
    ["one word", "utmp"],
  ] as const
) {
  Deno.test(`a text file has no layout: ${what}`, () => {
    assertEquals(takenBy(new TextEncoder().encode(text)), []);
  });
}

Deno.test("random bytes have no layout", () => {
  for (let i = 0; i < 100; i++) {
    assertEquals(takenBy(crypto.getRandomValues(new Uint8Array(38_400))), []);
  }
});
