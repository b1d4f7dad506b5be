/** What must not reach a label, a page or a terminal as it is: control, format and line separator characters. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

const BACKSLASH = 0x5c;

/**
 * The string that begins at `start` and ends before the first NUL, or after `length` bytes.
 *
 * The text is always well-formed and printable, and no byte is lost: a byte that is not UTF-8 and each
 * byte of an invisible character (control, format, line separator) appears as `\xNN` in lower case. A
 * backslash stays as it is (`DOMAIN\user`), except before `xNN`, where it appears as `\x5c`: so two
 * different byte strings never give the same text.
 */
export function visibleText(bytes: Uint8Array, start: number, length: number): string {
  let text = "";
  for (let at = start; at < start + length; at++) {
    const byte = bytes[at];
    if (byte === undefined || byte === 0) break;
    if (byte < 0x20 || byte > 0x7e || byte === BACKSLASH) return escapedText(bytes, start, length);
    text += String.fromCharCode(byte);
  }
  return text;
}

function escapedText(bytes: Uint8Array, start: number, length: number): string {
  const nul = bytes.subarray(start, start + length).indexOf(0);
  const end = nul === -1 ? Math.min(start + length, bytes.length) : start + nul;
  let text = "";
  for (let at = start; at < end;) {
    const size = sequenceLength(bytes, at, end);
    const character = size === 0 ? "" : characterAt(bytes, at, size);
    if (size === 0 || INVISIBLE.test(character) || isAmbiguousBackslash(bytes, at, end)) {
      const next = at + Math.max(size, 1);
      for (; at < next; at++) text += `\\x${(bytes[at] ?? 0).toString(16).padStart(2, "0")}`;
    } else {
      text += character;
      at += size;
    }
  }
  return text;
}

/** Whether the bytes at `at` already read as `\xNN`. */
function isAmbiguousBackslash(bytes: Uint8Array, at: number, end: number): boolean {
  return bytes[at] === BACKSLASH && at + 3 < end && bytes[at + 1] === 0x78 &&
    isHexDigit(bytes[at + 2]) && isHexDigit(bytes[at + 3]);
}

function isHexDigit(byte = 0): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66);
}

/** The length of the well-formed UTF-8 sequence at `at`, 1 to 4; 0 if there is none (RFC 3629, section 4). */
function sequenceLength(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const size = lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : 4;
  if (lead < 0xc2 || lead > 0xf4 || at + size > end) return 0;
  const second = bytes[at + 1] ?? 0;
  const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < lowest || second > highest) return 0;
  for (let i = at + 2; i < at + size; i++) {
    if (((bytes[i] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  return size;
}

/** The character whose well-formed sequence of `size` bytes is at `at`. */
function characterAt(bytes: Uint8Array, at: number, size: number): string {
  let point = (bytes[at] ?? 0) & (size === 1 ? 0x7f : 0xff >> (size + 1));
  for (let i = at + 1; i < at + size; i++) point = (point << 6) | ((bytes[i] ?? 0) & 0x3f);
  return String.fromCodePoint(point);
}
