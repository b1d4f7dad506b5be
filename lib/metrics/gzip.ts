/** Compressed content that can be the end of many gzip members, after content that changes. */
export interface GzipEnd {
  /** The last deflate blocks of the member (RFC 1951). */
  readonly blocks: Uint8Array<ArrayBuffer>;
  /** CRC-32 and length of the content. */
  readonly checksum: number;
  readonly length: number;
  /** The factor that shifts a CRC-32 by the length of the content: x^(8 * length) modulo the polynomial. */
  readonly shift: number;
}

/**
 * No name, no time, an unknown system (RFC 1952, section 2.3). CompressionStream writes a header of this
 * length.
 */
const HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);
const TRAILER_SIZE = 8;

/** The maximum size of a stored block, and the size of its header, in bytes (RFC 1951, section 3.2.4). */
const STORED_SIZE = 65_535;
const STORED_HEAD = 5;

/** The polynomial of CRC-32, and x^0 and x^8, the lowest power in the highest bit (RFC 1952, section 8). */
const POLYNOMIAL = 0xedb88320;
const X0 = 0x80000000;
const X8 = 0x00800000;

/** Compresses the content in chunks, without keeping the content itself. */
export async function endOfGzip(
  contents: AsyncIterable<Uint8Array<ArrayBuffer>>,
): Promise<GzipEnd> {
  const { readable, writable } = new CompressionStream("gzip");
  // Not with pipeThrough() and Response, which would load more of the runtime.
  const [length, member] = await Promise.all([
    written(contents, writable.getWriter()),
    joined(readable),
  ]);
  const trailer = member.length - TRAILER_SIZE;
  return {
    blocks: member.subarray(HEADER.length, trailer),
    checksum: new DataView(member.buffer).getUint32(trailer, true),
    length,
    shift: powerOf(length),
  };
}

/** Writes contents to a stream and closes it, or aborts it if they fail; gives their length. */
async function written(
  contents: AsyncIterable<Uint8Array<ArrayBuffer>>,
  writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>,
): Promise<number> {
  let length = 0;
  try {
    for await (const content of contents) {
      length += content.length;
      await writer.write(content);
    }
    await writer.close();
    return length;
  } catch (error) {
    await writer.abort(error);
    throw error;
  }
}

/** All bytes of a stream. */
async function joined(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for (const reader = stream.getReader();;) {
    const { value } = await reader.read();
    if (value === undefined) return concatenated(chunks);
    chunks.push(value);
  }
}

/** The parts as one array of bytes. */
export function concatenated(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/**
 * One gzip member, in parts: `start` uncompressed, then the content of `end`. It is one member, because `curl
 * --compressed` rejects a second one.
 */
export function gzipWith(start: Uint8Array, end: GzipEnd): readonly Uint8Array<ArrayBuffer>[] {
  const blocks = Math.ceil(start.length / STORED_SIZE);
  const head = new Uint8Array(HEADER.length + blocks * STORED_HEAD + start.length);
  head.set(HEADER);
  const view = new DataView(head.buffer);
  let at = HEADER.length;
  for (let from = 0; from < start.length; from += STORED_SIZE) {
    const stored = start.subarray(from, from + STORED_SIZE);
    // The first byte means: stored, and not the last block.
    view.setUint16(at + 1, stored.length, true);
    view.setUint16(at + 3, ~stored.length, true);
    head.set(stored, at + STORED_HEAD);
    at += STORED_HEAD + stored.length;
  }
  const trailer = new Uint8Array(TRAILER_SIZE);
  const sums = new DataView(trailer.buffer);
  sums.setUint32(0, multiply(end.shift, checksumOf(start)) ^ end.checksum, true);
  sums.setUint32(4, (start.length + end.length) % 2 ** 32, true);
  return [head, end.blocks, trailer];
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let i = 0; i < 8; i++) sum = sum & 1 ? (sum >>> 1) ^ POLYNOMIAL : sum >>> 1;
  return sum;
});

/** CRC-32 as gzip uses it. */
function checksumOf(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = (sum >>> 8) ^ (TABLE[(sum ^ byte) & 0xff] ?? 0);
  return ~sum;
}

/** x^(8 * bytes) modulo the polynomial. */
function powerOf(bytes: number): number {
  let power = X0;
  for (let square = X8, rest = bytes; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power = multiply(power, square);
    square = multiply(square, square);
  }
  return power;
}

/** The product of two polynomials over the field of two elements, modulo that of CRC-32. */
function multiply(a: number, b: number): number {
  let product = 0;
  for (let factor = b, bit = X0; bit !== 0; bit >>>= 1) {
    if (a & bit) product ^= factor;
    factor = factor & 1 ? (factor >>> 1) ^ POLYNOMIAL : factor >>> 1;
  }
  return product;
}
