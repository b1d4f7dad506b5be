/** A standard stream: writes some of the bytes and says how many. */
export interface Output {
  readonly writeSync: (bytes: Uint8Array) => number;
}

/** Writes the whole text. Throws what the stream throws, as when the reader of a pipe is gone. */
export function writeText(output: Output, text: string): void {
  writeBytes(output, new TextEncoder().encode(text));
}

/** Writes all bytes. Throws as {@link writeText} does. */
export function writeBytes(output: Output, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += output.writeSync(bytes.subarray(at));
}

/** Lines are written together up to about this many characters. */
const CHUNK = 65_536;

/** The bytes of lines in chunks, made as they are asked for, so that no more than one is held. */
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
