import { detectLayout } from "../../lib/utmp/detect.ts";
import { LAYOUT_NAMES } from "../../lib/utmp/layout.ts";
import { assertEquals } from "../support/assert.ts";
import { FOREIGN, UNKNOWN_SIZES, unknownFile } from "../support/foreign_utmp.ts";

const PASSWD = "root:x:0:0:root:/root:/bin/bash\n".repeat(30);
const HTML = `<!DOCTYPE html>\n<html lang="en">${"<p>404</p>\n".repeat(60)}</html>`;

const FILES: readonly (readonly [string, Uint8Array])[] = [
  ...Object.entries(FOREIGN).flatMap(([system, fileOf]) =>
    [1, 2, 3].map((count) => [`${system}, logins: ${count}`, fileOf(count)] as const)
  ),
  ...UNKNOWN_SIZES.flatMap((size) =>
    [2, 3].map((count) => [`${count} records of ${size} bytes`, unknownFile(size, count)] as const)
  ),
  ["/etc/passwd", new TextEncoder().encode(PASSWD)],
  ["HTML", new TextEncoder().encode(HTML)],
  ["one word", new TextEncoder().encode("utmp")],
];

for (const [what, bytes] of FILES) {
  Deno.test(`a file of another kind has no layout: ${what}`, () => assertNoLayout(bytes));
}

Deno.test("random bytes have no layout", () => {
  for (let i = 0; i < 100; i++) assertNoLayout(crypto.getRandomValues(new Uint8Array(38_400)));
});

/** Checks that the bytes match no layout, whatever the native layout is. */
function assertNoLayout(bytes: Uint8Array): void {
  assertEquals(LAYOUT_NAMES.filter((native) => detectLayout(bytes, native).isMatch), []);
}
