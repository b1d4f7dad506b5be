const BACKSLASH = 0x5c;
const LETTER_X = 0x78;

/** Escapes of one character, and the byte that they stand for. */
const LETTERS: ReadonlyMap<number, number> = new Map(
  ([
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
  ] as const).map(([letter, byte]) => [letter.charCodeAt(0), byte]),
);

/**
 * Replaces C escapes: letters, `\xNN` and `\NNN`. Other backslashes are kept, as are escapes of NUL, which
 * systemd rejects.
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

/** The byte of the escape that follows a backslash, and its length; null if there is no escape. */
function escapeAt(
  bytes: Uint8Array,
  at: number,
): { readonly byte: number; readonly length: number } | null {
  const letter = LETTERS.get(bytes[at] ?? 0);
  if (letter !== undefined) return { byte: letter, length: 1 };
  const byte = bytes[at] === LETTER_X
    ? numberAt(bytes, at + 1, { digits: 2, base: 16 })
    : numberAt(bytes, at, { digits: 3, base: 8 });
  return byte === null || byte === 0 || byte > 0xff ? null : { byte, length: 3 };
}

/** A number with `digits` digits; null if one of them is not a digit. */
function numberAt(
  bytes: Uint8Array,
  at: number,
  { digits, base }: { readonly digits: number; readonly base: 8 | 16 },
): number | null {
  let number = 0;
  for (let i = at; i < at + digits; i++) {
    const digit = digitOf(bytes[i] ?? 0);
    if (digit === null || digit >= base) return null;
    number = number * base + digit;
  }
  return number;
}

/** The value of a hexadecimal digit in ASCII; null for any other byte. */
function digitOf(byte: number): number | null {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : null;
}
