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

const UTF8_BOUNDARIES = "\u{a1}\u{7ff}\u{800}\u{d7ff}\u{e000}\u{fffd}\u{10000}\u{10fffd}";

/** Bytes in the file (one char code is one byte), and the text of the label. */
const TABLE: readonly (readonly [string, string])[] = [
  // The first NUL ends the text. The rest is left over from an older, longer text.
  ["\0", ""],
  ["bob\0", "bob"],
  ["bob\0ice", "bob"],
  ["\0alice", ""],
  ["\xc3\xa9\0\xff", "é"],
  [
    "\xc2\xa1\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbd\xf0\x90\x80\x80\xf4\x8f\xbf\xbd",
    UTF8_BOUNDARIES,
  ],
  // Bytes that are not UTF-8.
  ["caf\xe9", "caf\\xe9"],
  ["a\xbfb", "a\\xbfb"],
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
  ["\xe2\x80\xaegpj.exe", "\\xe2\\x80\\xaegpj.exe"],
  ["\xef\xbb\xbfbom", "\\xef\\xbb\\xbfbom"],
  // A backslash is kept, unless it starts an escape.
  ...["DOMAIN\\user", "\\", "\\\\", "\\xZZ", "\\xFF", "\\xfg", "\\X41", "\\x", "\\x4"].map(
    unchanged,
  ),
  ...["41", "ff", "09", "90", "af"].map((hex) => [`\\x${hex}`, `\\x5cx${hex}`] as const),
  ["\\\\x41", "\\\\x5cx41"],
  ["\\x4\xff", "\\x4\\xff"],
  ["\\\xff", "\\\\xff"],
  ["\\x4\x001", "\\x4"],
];

function unchanged(text: string): readonly [string, string] {
  return [text, text];
}

/** Bytes of which each is escaped: not UTF-8, or invisible characters. */
const ESCAPED = [
  ...["80", "c0af", "c1bf", "c1bfbfbf", "e09fbf", "f08fbfbf", "eda080", "edbfbf", "f4908080"],
  ...["f5808080", "fffe", "011f7f", "c280c29f", "c2ad", "e2808b", "e280a8e280a9", "f3a08081"],
].map((hex) => [Uint8Array.fromHex(hex), hex.replace(/../g, "\\x$&")] as const);

for (
  const [field, text] of [...TABLE.map(([file, text]) => [latin1(file), text] as const), ...ESCAPED]
) {
  Deno.test(`the field ${field.toHex()} is the text ${JSON.stringify(text)}`, () => {
    assertEquals(textOf(field), text);
    assertEquals(bytesOf(text), [...field.subarray(0, [...field, 0].indexOf(0))]);
  });
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
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
      fc.constantFrom(..."\\\\\\xx0a4fFé日🐧\u{ad}\u{202e}\u{2028}\u{80}")
        .map((text) => [...new TextEncoder().encode(text)]),
      fc.constantFrom(0xc3, 0xe2, 0xed, 0xf0, 0xf4, 0x80, 0x8f, 0xa0, 0xff, 0x1b, 0)
        .map((byte) => [byte]),
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

Deno.test("visible UTF-8 without a backslash is not changed", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
      fc.pre(!INVISIBLE.test(text) && !text.includes("\\"));
      assertEquals(textOf(new TextEncoder().encode(text)), text);
    }),
    { numRuns: 2_000 },
  );
});
