/** A standard stream. `writeSync` writes some of the bytes and returns their number. */
export interface Output {
  readonly writeSync: (bytes: Uint8Array) => number;
}

/** Writes the whole text. Throws the error of the stream, for example for a closed pipe. */
export function writeText(output: Output, text: string): void {
  writeBytes(output, new TextEncoder().encode(text));
}

/** Writes all bytes. Throws like {@link writeText}. */
export function writeBytes(output: Output, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += output.writeSync(bytes.subarray(at));
}

/** The approximate size of a chunk, in characters. */
const CHUNK = 65_536;

/** The bytes of the lines in chunks. Only one chunk is in memory at a time. */
export function* encodedLines(lines: Iterable<string>): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = "";
  for (const line of lines) {
    text += `${line}\n`;
    if (text.length < CHUNK) continue;
    yield encoder.encode(text);
    text = "";
  }
  if (text !== "") yield encoder.encode(text);
}
