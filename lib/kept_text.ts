import { endOfGzip, type GzipEnd } from "./gzip.ts";

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

/** Text that is sent many times. Its bytes and its compressed form are made once, when they are asked for. */
export class KeptText {
  /** In UTF-16 code units. */
  readonly length: number;
  /** Null once there are bytes: a large text is not kept twice. */
  #text: string | null;
  #bytes: Uint8Array<ArrayBuffer> | null = null;
  #gzipEnd: Promise<GzipEnd> | null = null;

  constructor(text: string) {
    this.#text = text;
    this.length = text.length;
  }

  text(): string {
    return this.#text ??= DECODER.decode(this.bytes());
  }

  bytes(): Uint8Array<ArrayBuffer> {
    if (this.#bytes === null) {
      this.#bytes = ENCODER.encode(this.text());
      this.#text = null;
    }
    return this.#bytes;
  }

  gzipEnd(): Promise<GzipEnd> {
    return this.#gzipEnd ??= endOfGzip(this.bytes());
  }
}
