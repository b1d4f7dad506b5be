/** A standard stream: writes some of the bytes and says how many. */
export interface Output {
  readonly writeSync: (bytes: Uint8Array) => number;
}

/** Writes the whole text. Throws what the stream throws, as when the reader of a pipe is gone. */
export function writeText(output: Output, text: string): void {
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(output.writeSync(bytes));
}
