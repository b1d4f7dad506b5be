/** A value: its bytes, and whether it was in quotes. */
export interface AssignedValue {
  readonly bytes: Uint8Array;
  readonly quoted: boolean;
}

const NEWLINE = 0x0a;
const EQUALS = 0x3d;
const BACKSLASH = 0x5c;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const HASH = 0x23;
const SEMICOLON = 0x3b;

/** Characters that a backslash escapes in double quotes: `"`, `\`, `` ` `` and `$`. It removes a newline (sh(1)). */
const ESCAPED_IN_QUOTES: ReadonlySet<number> = new Set([DOUBLE_QUOTE, BACKSLASH, 0x60, 0x24]);

/**
 * Parses an environment file of systemd: lines `KEY=value`, values raw or quoted as in a shell, and comments
 * that start with `#` or `;`. Any bytes give a result: a line without `=` is skipped, and quotes that are not
 * closed end with the file. If a key is assigned twice, the last value counts.
 *
 * Source: systemd `src/basic/env-file.c`.
 */
export function parseAssignments(bytes: Uint8Array): ReadonlyMap<string, AssignedValue> {
  const values = new Map<string, AssignedValue>();
  for (let at = 0; at < bytes.length;) {
    const start = skipBlanks(bytes, at, true);
    const end = endOfLine(bytes, start);
    const equals = bytes.subarray(start, end).indexOf(EQUALS);
    if (bytes[start] === HASH || bytes[start] === SEMICOLON || equals < 1) {
      at = end + 1;
      continue;
    }
    const key = String.fromCharCode(...bytes.subarray(start, start + equals)).trimEnd();
    const { end: valueEnd, ...value } = readValue(bytes, start + equals + 1);
    values.set(key, value);
    at = valueEnd + 1;
  }
  return values;
}

function readValue(bytes: Uint8Array, start: number): AssignedValue & { readonly end: number } {
  const out: number[] = [];
  let quoted = false;
  let at = skipBlanks(bytes, start, false);
  while (bytes[at] === DOUBLE_QUOTE || bytes[at] === SINGLE_QUOTE) {
    quoted = true;
    at = skipBlanks(bytes, readQuoted(bytes, at, out), false);
  }
  const end = endOfLine(bytes, at);
  const raw = bytes.subarray(at, end);
  let length = raw.length;
  while (length > 0 && isBlank(raw[length - 1])) length--;
  const rest = raw.subarray(0, length);
  if (!quoted) return { bytes: rest, quoted, end };
  for (const byte of rest) out.push(byte);
  return { bytes: Uint8Array.from(out), quoted, end };
}

/** Appends the text in the quotes that open at `at`. Returns the position after the closing quote. */
function readQuoted(bytes: Uint8Array, at: number, out: number[]): number {
  const quote = bytes[at];
  let i = at + 1;
  for (; i < bytes.length && bytes[i] !== quote; i++) {
    const byte = bytes[i] ?? 0;
    const next = bytes[i + 1] ?? 0;
    if (
      quote === DOUBLE_QUOTE && byte === BACKSLASH &&
      (ESCAPED_IN_QUOTES.has(next) || next === NEWLINE)
    ) {
      if (next !== NEWLINE) out.push(next);
      i++;
    } else {
      out.push(byte);
    }
  }
  return i + 1;
}

function endOfLine(bytes: Uint8Array, at: number): number {
  const end = bytes.indexOf(NEWLINE, at);
  return end === -1 ? bytes.length : end;
}

function skipBlanks(bytes: Uint8Array, at: number, overLines: boolean): number {
  let i = at;
  while (isBlank(bytes[i]) || (overLines && bytes[i] === NEWLINE)) i++;
  return i;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}
