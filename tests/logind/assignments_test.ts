import fc from "fast-check";
import { parseAssignments } from "../../lib/logind/assignments.ts";
import { unescapeC } from "../../lib/logind/c_escape.ts";
import { assertEquals } from "../support/assert.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function parsed(text: string): Record<string, string> {
  return Object.fromEntries(
    [...parseAssignments(encode(text))].map(([key, { bytes }]) => [key, decode(bytes)]),
  );
}

for (
  const [expected, texts] of [
    [{}, ["", "\n\n"]],
    [{ A: "1" }, ["A=1", "A = 1 \n", "nothing\nA=1\n", "=x\nA=1\n"]],
    [{ A: "1" }, ["# comment\n; another\nA=1\n", "  # comment\n  A=1\n"]],
    [{ A: "1", B: "2" }, ["A=1\nB=2\n", "A=1\r\nB=2\r\n"]],
    [{ A: "", B: "2" }, ["A=\nB=2\n"]],
    [{ A: "2" }, ["A=1\nA=2\n"]],
    [{ A: "a=b" }, ["A=a=b\n"]],
    [{ A: "a # b" }, ["A=a # b\n"]],
    [{ A: "b'c\"d" }, ["A=b'c\"d\n"]],
    [{ A: "a b", B: "2" }, ['A="a b"\nB=2\n', "A='a b'\nB=2\n"]],
    [{ A: "a\\xb" }, ['A="a\\xb"\n']],
    [{ A: 'a\\"b' }, ["A='a\\\"b'\n"]],
    [{ A: "a\nb", B: "2" }, ['A="a\nb"\nB=2\n']],
    [{ A: "ab", B: "2" }, ['A="a\\\nb"\nB=2\n']],
    [{ A: "ab" }, ["A=\"a\"'b'\n"]],
    [{ A: "open\nB=2\n" }, ['A="open\nB=2\n']],
    [{ A: "Ärger" }, ["A=Ärger\n"]],
  ] as const
) {
  for (const text of texts) {
    Deno.test(`assignments: ${JSON.stringify(text)}`, () => assertEquals(parsed(text), expected));
  }
}

for (
  const [escaped, plain] of [
    ["a\\x20b", "a b"],
    ["a\\040b", "a b"],
    ["\\q\\x2\\09\\", "\\q\\x2\\09\\"],
    ["\\777", "\\777"],
  ] as const
) {
  Deno.test(`C escapes: ${escaped}`, () => assertEquals(decode(unescapeC(encode(escaped))), plain));
}

Deno.test("any bytes give a result", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      for (const { bytes: value } of parseAssignments(bytes).values()) unescapeC(value);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("property: values that systemd 258 quotes are read back", () => {
  const escape = (bytes: Uint8Array): readonly number[] =>
    [...bytes].flatMap((byte) =>
      [...'\\"`$'].some((c) => c.charCodeAt(0) === byte) ? [0x5c, byte] : [byte]
    );
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 5 }), (values) => {
      const lines = values.map((value) => [...encode('="'), ...escape(value), ...encode('"\n')]);
      const file = Uint8Array.from(lines.flatMap((line, i) => [...encode(`K${i}`), ...line]));
      const found = [...parseAssignments(file).values()];
      assertEquals(found, values.map((bytes) => ({ bytes, quoted: true })));
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("property: values that systemd before 258 escapes are read back", () => {
  const letters = new Map([..."\x07\b\f\n\r\t\v\\\"'"].map((char, i) => [char, "abfnrtv\\\"'"[i]]));
  const escape = (bytes: Uint8Array): string =>
    [...bytes].map((byte) => {
      const char = String.fromCharCode(byte);
      const letter = letters.get(char);
      if (letter !== undefined) return `\\${letter}`;
      return byte < 0x20 || byte >= 0x7f ? `\\${byte.toString(8).padStart(3, "0")}` : char;
    }).join("");
  const value = fc.uint8Array({ min: 1, minLength: 1, maxLength: 60 })
    // A blank at an end is trimmed, as systemd does it.
    .filter((bytes) => bytes[0] !== 0x20 && bytes.at(-1) !== 0x20);
  fc.assert(
    fc.property(value, (bytes) => {
      const found = parseAssignments(encode(`REMOTE_HOST=${escape(bytes)}\n`)).get("REMOTE_HOST");
      assertEquals(found?.quoted, false);
      assertEquals(unescapeC(found?.bytes ?? new Uint8Array(0)), bytes);
    }),
    { numRuns: 1_000 },
  );
});
