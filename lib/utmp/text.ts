/** Characters that are escaped: control, format, line separator and paragraph separator. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

const BACKSLASH = 0x5c;
const LETTER_X = 0x78;

/** A byte is written as at most four bytes, as in `\xff`. */
const MAX_EXPANSION = 4;

/** A buffer for the text of a utmp field. Longer texts get their own. */
const SCRATCH = new Uint8Array(MAX_EXPANSION * 256);

const HEX_DIGITS = new TextEncoder().encode("0123456789abcdef");

const DECODER = new TextDecoder();

/**
 * The printable text of the bytes from `start` to the first NUL, at most `length` bytes.
 *
 * Bytes that are not UTF-8, and each byte of an invisible character (control, format, separator), are written
 * as `\xNN` in lower case. A backslash is kept (`DOMAIN\user`), except before `xNN`, where it is written as
 * `\x5c`. So two different byte strings never give the same text.
 */
export function visibleText(bytes: Uint8Array, start: number, length: number): string {
  const last = Math.min(start + length, bytes.length);
  let text = "";
  for (let at = start; at < last; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0) break;
    if (byte < 0x20 || byte > 0x7e || byte === BACKSLASH) return escapedText(bytes, start, last);
    text += String.fromCharCode(byte);
  }
  return text;
}

/** The text of the bytes from `start` to the first NUL before `last`. It is built as UTF-8 and decoded once. */
function escapedText(bytes: Uint8Array, start: number, last: number): string {
  const nul = bytes.subarray(start, last).indexOf(0);
  const end = nul === -1 ? last : start + nul;
  const room = MAX_EXPANSION * (end - start);
  const out = room <= SCRATCH.length ? SCRATCH : new Uint8Array(room);
  let written = 0;
  for (let at = start; at < end;) {
    const size = sequenceLength(bytes, at, end);
    const isShown = size > 0 && isVisible(bytes, at, size) && !isAmbiguousBackslash(bytes, at, end);
    for (const next = at + Math.max(size, 1); at < next; at++) {
      const byte = bytes[at] ?? 0;
      if (isShown) {
        out[written++] = byte;
      } else {
        out[written++] = BACKSLASH;
        out[written++] = LETTER_X;
        out[written++] = HEX_DIGITS[byte >> 4] ?? 0;
        out[written++] = HEX_DIGITS[byte & 0xf] ?? 0;
      }
    }
  }
  return DECODER.decode(out.subarray(0, written));
}

/** Whether the character at `at`, a well-formed sequence of `size` bytes, is visible. */
function isVisible(bytes: Uint8Array, at: number, size: number): boolean {
  const byte = bytes[at] ?? 0;
  return size === 1 ? byte >= 0x20 && byte !== 0x7f : !INVISIBLE.test(characterAt(bytes, at, size));
}

/** Whether the bytes at `at` look like an escaped byte, `\xNN`. */
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

/** The character at `at`, a well-formed sequence of `size` bytes. */
function characterAt(bytes: Uint8Array, at: number, size: number): string {
  let point = (bytes[at] ?? 0) & (size === 1 ? 0x7f : 0xff >> (size + 1));
  for (let i = at + 1; i < at + size; i++) point = (point << 6) | ((bytes[i] ?? 0) & 0x3f);
  return String.fromCodePoint(point);
}
