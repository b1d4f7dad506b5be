import fc from "fast-check";
import { visibleText } from "../../lib/utmp/text.ts";
import { assert, assertEquals, assertNotMatch } from "../support/assert.ts";

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** The text of a field that these bytes fill, between other bytes. */
function textOf(field: Uint8Array): string {
  const bytes = new Uint8Array(field.length + 4).fill(0x21);
  bytes.set(field, 2);
  return visibleText(bytes, 2, field.length);
}

/** The bytes of a text. */
function bytesOf(text: string): number[] {
  return [...text.matchAll(/\\x([0-9a-f]{2})|[^]/gu)].flatMap(([whole, hex]) =>
    hex === undefined ? [...new TextEncoder().encode(whole)] : [parseInt(hex, 16)]
  );
}

/** Bytes in the file (one char code is one byte), and the text that is shown. */
const TABLE: readonly (readonly [string, string])[] = [
  ["", ""],
  ["alice", "alice"],
  ["with space ~!\"'", "with space ~!\"'"],
  // The first NUL ends the text; the rest is left over from an older, longer text.
  ["\0", ""],
  ["bob\0", "bob"],
  ["bob\0ice", "bob"],
  ["\0alice", ""],
  ["\xc3\xa9\0\xff", "é"],
  // UTF-8 of two, three and four bytes.
  ["ren\xc3\xa9", "rené"],
  ["\xe6\x97\xa5\xe6\x9c\xac", "日本"],
  ["\xf0\x9f\x90\xa7", "🐧"],
  ["\xc2\xa1\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf", "\u{a1}\u{7ff}\u{800}\u{d7ff}"],
  ["\xee\x80\x80\xef\xbf\xbd\xf0\x90\x80\x80", "\u{e000}\u{fffd}\u{10000}"],
  ["\xf4\x8f\xbf\xbd", "\u{10fffd}"],
  // Bytes that are not UTF-8.
  ["caf\xe9", "caf\\xe9"],
  ["\x80", "\\x80"],
  ["a\xbfb", "a\\xbfb"],
  ["\xc0\xaf", "\\xc0\\xaf"],
  ["\xc1\xbf", "\\xc1\\xbf"],
  ["\xc1\xbf\xbf\xbf", "\\xc1\\xbf\\xbf\\xbf"],
  ["\xe0\x9f\xbf", "\\xe0\\x9f\\xbf"],
  ["\xf0\x8f\xbf\xbf", "\\xf0\\x8f\\xbf\\xbf"],
  ["\xed\xa0\x80", "\\xed\\xa0\\x80"],
  ["\xed\xbf\xbf", "\\xed\\xbf\\xbf"],
  ["\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"],
  ["\xf5\x80\x80\x80", "\\xf5\\x80\\x80\\x80"],
  ["\xff\xfe", "\\xff\\xfe"],
  // Cut in the middle of a character: at the end of the field, by NUL, by another character.
  ["a\xc3", "a\\xc3"],
  ["a\xe6\x97", "a\\xe6\\x97"],
  ["a\xf0\x9f\x90", "a\\xf0\\x9f\\x90"],
  ["\xe6\x97\0\xa5", "\\xe6\\x97"],
  ["\xe6\x97a", "\\xe6\\x97a"],
  ["\xf0\x9f\xc3\xa9", "\\xf0\\x9fé"],
  ["\xc3\xc3\xa9", "\\xc3é"],
  // Invisible characters.
  ["a\nb", "a\\x0ab"],
  ["\x1b[31m", "\\x1b[31m"],
  ["\x01\x1f\x7f", "\\x01\\x1f\\x7f"],
  ["\xc2\x80\xc2\x9f", "\\xc2\\x80\\xc2\\x9f"],
  ["\xc2\xad", "\\xc2\\xad"],
  ["\xe2\x80\x8b", "\\xe2\\x80\\x8b"],
  ["\xe2\x80\xa8\xe2\x80\xa9", "\\xe2\\x80\\xa8\\xe2\\x80\\xa9"],
  ["\xe2\x80\xaegpj.exe", "\\xe2\\x80\\xaegpj.exe"],
  ["\xef\xbb\xbfbom", "\\xef\\xbb\\xbfbom"],
  ["\xf3\xa0\x80\x81", "\\xf3\\xa0\\x80\\x81"],
  // A backslash is kept, unless it looks like an escape.
  ["DOMAIN\\user", "DOMAIN\\user"],
  ["\\", "\\"],
  ["\\\\", "\\\\"],
  ["\\x41", "\\x5cx41"],
  ["\\\\x41", "\\\\x5cx41"],
  ["\\xff", "\\x5cxff"],
  ["\\x09", "\\x5cx09"],
  ["\\x90", "\\x5cx90"],
  ["\\xaf", "\\x5cxaf"],
  ["\\xZZ", "\\xZZ"],
  ["\\xFF", "\\xFF"],
  ["\\xfg", "\\xfg"],
  ["\\X41", "\\X41"],
  ["\\x", "\\x"],
  ["\\x4", "\\x4"],
  ["\\x4\xff", "\\x4\\xff"],
  ["\\\xff", "\\\\xff"],
  ["\\x4\x001", "\\x4"],
];

for (const [file, text] of TABLE) {
  const field = Uint8Array.from(file, (character) => character.charCodeAt(0));
  Deno.test(`${JSON.stringify(file)} is shown as ${JSON.stringify(text)}`, () => {
    assertEquals(textOf(field), text);
    assertEquals(bytesOf(text), [...field.subarray(0, [...field, 0].indexOf(0))]);
  });
}

Deno.test("a full field without NUL ends before the next field", () => {
  const bytes = new TextEncoder().encode("ts/0alice\\x41é");
  assertEquals(visibleText(bytes, 0, 4), "ts/0");
  assertEquals(visibleText(bytes, 4, 8), "alice\\x4");
  assertEquals(visibleText(bytes, 9, 5), "\\x5cx41\\xc3");
});

Deno.test("a field that exceeds the bytes ends with them", () => {
  const bytes = new TextEncoder().encode("alicé");
  assertEquals([visibleText(bytes, 2, 32), visibleText(bytes, 9, 32)], ["icé", ""]);
});

Deno.test("bytes inside a buffer are read from their own start", () => {
  const bytes = new TextEncoder().encode("wrong renée\0").subarray(6);
  assertEquals([visibleText(bytes, 0, 4), visibleText(bytes, 0, 32)], ["ren\\xc3", "renée"]);
});

/** Arbitrary bytes, and parts of escapes, of UTF-8 and of invisible characters. */
const FIELD = fc.oneof(
  fc.uint8Array({ maxLength: 48 }),
  fc.array(
    fc.oneof(
      fc.constantFrom(..."\\\\\\xx0a4fFé日🐧\u{ad}\u{202e}\u{2028}\u{80}").map((
        text,
      ) => [...new TextEncoder().encode(text)]),
      fc.constantFrom(0xc3, 0xe2, 0xed, 0xf0, 0xf4, 0x80, 0x8f, 0xa0, 0xff, 0x1b, 0).map((
        b,
      ) => [b]),
    ),
    { maxLength: 24 },
  ).map((pieces) => Uint8Array.from(pieces.flat())),
);

Deno.test("any bytes give well-formed visible text, from which they can be restored", () => {
  fc.assert(
    fc.property(FIELD, (field) => {
      const text = textOf(field);
      assert(text.isWellFormed());
      assertNotMatch(text, INVISIBLE);
      assertEquals(bytesOf(text), [...field.subarray(0, [...field, 0].indexOf(0))]);
    }),
    { numRuns: 5_000 },
  );
});

Deno.test("visible UTF-8 without a backslash is shown as it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
      fc.pre(!INVISIBLE.test(text) && !text.includes("\\"));
      assertEquals(textOf(new TextEncoder().encode(text)), text);
    }),
    { numRuns: 2_000 },
  );
});
