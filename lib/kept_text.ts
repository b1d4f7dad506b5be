import { endOfGzip, type GzipEnd } from "./gzip.ts";

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

/** The most bytes that a UTF-16 code unit takes in UTF-8. */
const MOST_BYTES = 3;

/** Text that is sent many times. Its compressed form is made once, when it is asked for. */
export class KeptText {
  readonly bytes: Uint8Array<ArrayBuffer>;
  #text: string | null = null;
  #gzipEnd: Promise<GzipEnd> | null = null;

  constructor(chunks: Iterable<string>) {
    this.bytes = encoded(chunks);
  }

  text(): string {
    return this.#text ??= DECODER.decode(this.bytes);
  }

  gzipEnd(): Promise<GzipEnd> {
    return this.#gzipEnd ??= endOfGzip(this.bytes);
  }
}

/** Encodes one chunk at a time: all of them together would be a second copy of a large text. */
function encoded(chunks: Iterable<string>): Uint8Array<ArrayBuffer> {
  let bytes = new Uint8Array(1024);
  let length = 0;
  for (const chunk of chunks) {
    const needed = length + chunk.length * MOST_BYTES;
    if (needed > bytes.length) {
      const larger = new Uint8Array(Math.max(needed, bytes.length * 2));
      larger.set(bytes.subarray(0, length));
      bytes = larger;
    }
    length += ENCODER.encodeInto(chunk, bytes.subarray(length)).written;
  }
  return bytes.slice(0, length);
}
