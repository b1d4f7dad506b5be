import { concatenated, endOfGzip, type GzipEnd, gzipWith } from "./gzip.ts";

/** The body of a response: text, or bytes in parts that several responses can share. */
export type Body = string | readonly Uint8Array<ArrayBuffer>[];

/** The common end of many expositions, encoded once and sent after a start that differs. */
export interface KeptEnd {
  /** The whole exposition with this start. */
  readonly plain: (start: string) => Promise<Body>;
  /** The whole exposition as one gzip member. */
  readonly compressed: (start: string) => Promise<Body>;
}

type Chunks = AsyncIterable<Uint8Array<ArrayBuffer>>;

/**
 * A start above this size is compressed too, in bytes. Uncompressed, it would be larger than the compressed
 * rest.
 */
const MAX_STORED = 64 * 1024;

const ENCODER = new TextEncoder();

/** A small end, kept as text. */
export class KeptText implements KeptEnd {
  readonly text: string;
  #gzipEnd: Promise<GzipEnd> | null = null;
  /** The last bodies. The next scrape often has the same start. */
  #plain: { readonly start: string; readonly body: Promise<Body> } | null = null;
  #compressed: { readonly start: string; readonly body: Promise<Body> } | null = null;

  constructor(text: string) {
    this.text = text;
  }

  plain(start: string): Promise<Body> {
    if (this.#plain?.start !== start) {
      this.#plain = { start, body: Promise.resolve(start + this.text) };
    }
    return this.#plain.body;
  }

  compressed(start: string): Promise<Body> {
    if (this.#compressed?.start !== start) {
      this.#compressed = { start, body: this.#compress(start) };
    }
    return this.#compressed.body;
  }

  async #compress(start: string): Promise<Body> {
    const chunks = (): Chunks => each([ENCODER.encode(this.text)]);
    const gzipEnd = (): Promise<GzipEnd> => this.#gzipEnd ??= endOfGzip(chunks());
    const parts = await compressedWith(start, { gzipEnd, chunks });
    return [concatenated(parts)];
  }
}

/** A large end, rendered in chunks on demand. It is kept in each encoding that was requested. */
export class KeptChunks implements KeptEnd {
  readonly #chunks: () => Chunks;
  #parts: Promise<readonly Uint8Array<ArrayBuffer>[]> | null = null;
  #gzipEnd: Promise<GzipEnd> | null = null;

  constructor(chunks: () => Chunks) {
    this.#chunks = chunks;
  }

  async plain(start: string): Promise<Body> {
    this.#parts ??= collected(this.#chunks());
    return [ENCODER.encode(start), ...await this.#parts];
  }

  async compressed(start: string): Promise<Body> {
    const chunks = this.#chunks;
    return await compressedWith(start, {
      gzipEnd: () => this.#gzipEnd ??= endOfGzip(chunks()),
      chunks,
    });
  }
}

async function compressedWith(
  start: string,
  { gzipEnd, chunks }: {
    readonly gzipEnd: () => Promise<GzipEnd>;
    readonly chunks: () => Chunks;
  },
): Promise<Exclude<Body, string>> {
  const bytes = ENCODER.encode(start);
  if (bytes.length <= MAX_STORED) return gzipWith(bytes, await gzipEnd());
  return gzipWith(new Uint8Array(), await endOfGzip(each([bytes], chunks())));
}

/** Node 20 has no Array.fromAsync(). */
async function collected(chunks: Chunks): Promise<readonly Uint8Array<ArrayBuffer>[]> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return parts;
}

async function* each(
  first: readonly Uint8Array<ArrayBuffer>[],
  rest?: Chunks,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield* first;
  if (rest !== undefined) yield* rest;
}
