import { promisify } from "node:util";
import { constants, crc32, createDeflateRaw, deflateRaw } from "node:zlib";

/** A gzip member without its end, to which more content can be added again and again. */
export interface GzipStart {
  /** Header and compressed content, complete up to a byte. */
  readonly bytes: Uint8Array;
  /** CRC-32 and length of the content. */
  readonly checksum: number;
  readonly length: number;
}

const deflate = promisify(deflateRaw);

/** No file name, no time, an unknown system (RFC 1952, section 2.3). */
const HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);

/** Begins a member with content, which is compressed as it comes and not kept. */
export async function startGzip(contents: AsyncIterable<Uint8Array>): Promise<GzipStart> {
  const compressor = createDeflateRaw();
  const parts: Uint8Array[] = [HEADER];
  compressor.on("data", (part: Uint8Array) => parts.push(part));
  let [checksum, length] = [0, 0];
  for await (const content of contents) {
    checksum = crc32(content, checksum);
    length += content.length;
    await new Promise((resolve) => compressor.write(content, resolve));
  }
  await new Promise<void>((resolve) => compressor.flush(constants.Z_SYNC_FLUSH, resolve));
  compressor.destroy();
  return { bytes: joined(parts), checksum, length };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/**
 * What follows a start so that both are one member, which holds its content and this one. One and not two,
 * as `curl --compressed` refuses a second.
 */
export async function endGzip(start: GzipStart, content: Uint8Array): Promise<Uint8Array> {
  const compressed = await deflate(content);
  const bytes = new Uint8Array(compressed.length + 8);
  bytes.set(compressed);
  const trailer = new DataView(bytes.buffer, compressed.length);
  trailer.setUint32(0, crc32(content, start.checksum), true);
  trailer.setUint32(4, (start.length + content.length) >>> 0, true);
  return bytes;
}
