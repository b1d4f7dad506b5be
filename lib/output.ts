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
