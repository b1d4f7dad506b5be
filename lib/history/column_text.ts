import { visibleText } from "../utmp/mod.ts";

/** More bytes of a text are not shown, and are not part of a user name. */
const MAX_LENGTH = 256;

/** A row with a longer text is not decoded. In bytes; no program writes one. */
const MAX_STORED_LENGTH = 4096;

/** Texts that are kept, because most rows repeat those of others. */
const MAX_KEPT = 10_000;

/**
 * An SQL expression for the bytes of a column as hexadecimal digits, at most {@link MAX_LENGTH} bytes. Null if the
 * column has too many, whose value is then not read. A NULL is empty, a number is its digits.
 *
 * A text can be any bytes, which the runtime would decode each in its own way.
 */
export function hexOf(column: string): string {
  const length = `octet_length(${column})`;
  const start = `substr(CAST(${column} AS BLOB), 1, ${MAX_LENGTH})`;
  return `CASE WHEN ${length} <= ${MAX_LENGTH} THEN hex(${column})
    WHEN ${length} <= ${MAX_STORED_LENGTH} THEN hex(${start})
    WHEN ${column} IS NULL THEN '' END`;
}

/** The visible text of bytes in hexadecimal digits, up to the first NUL. */
export function textOfHex(hex: string): string {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  }
  return visibleText(bytes, 0, bytes.length);
}

/** A function that keeps its latest results, in bounded memory. */
export function kept<Value>(compute: (key: string) => Value): (key: string) => Value {
  const values = new Map<string, Value>();
  return (key) => {
    const known = values.get(key);
    if (known !== undefined) return known;
    if (values.size >= MAX_KEPT) values.clear();
    const value = compute(key);
    values.set(key, value);
    return value;
  };
}
