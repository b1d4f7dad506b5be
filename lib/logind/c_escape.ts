const BACKSLASH = 0x5c;

/** The letters that stand for one byte after a backslash. */
const LETTERS: ReadonlyMap<string, number> = new Map([
  ["a", 0x07],
  ["b", 0x08],
  ["f", 0x0c],
  ["n", 0x0a],
  ["r", 0x0d],
  ["t", 0x09],
  ["v", 0x0b],
  ["s", 0x20],
  ["\\", BACKSLASH],
  ['"', 0x22],
  ["'", 0x27],
]);

const HEX = /^x([0-9A-Fa-f]{2})/;
const OCTAL = /^([0-3][0-7]{2})/;

/**
 * Undoes C escapes: letters, `\xNN` and `\NNN`. A backslash that begins none of them stays.
 *
 * Source: systemd `src/basic/escape.c`, `cescape` and `cunescape`.
 */
export function unescapeC(bytes: Uint8Array): Uint8Array {
  if (!bytes.includes(BACKSLASH)) return bytes;
  const out: number[] = [];
  for (let at = 0; at < bytes.length; at++) {
    const escaped = bytes[at] === BACKSLASH ? escapeAt(bytes, at + 1) : null;
    out.push(escaped?.byte ?? bytes[at] ?? 0);
    at += escaped?.length ?? 0;
  }
  return Uint8Array.from(out);
}

/** What the characters after a backslash stand for, and how many they are; null when for nothing. */
function escapeAt(
  bytes: Uint8Array,
  at: number,
): { readonly byte: number; readonly length: number } | null {
  const text = String.fromCharCode(...bytes.subarray(at, at + 3));
  const hex = HEX.exec(text)?.[1];
  if (hex !== undefined) return { byte: Number.parseInt(hex, 16), length: 3 };
  const octal = OCTAL.exec(text)?.[1];
  if (octal !== undefined) return { byte: Number.parseInt(octal, 8), length: 3 };
  const letter = LETTERS.get(text.charAt(0));
  return letter === undefined ? null : { byte: letter, length: 1 };
}
