import { promisify } from "node:util";
import { constants, crc32, deflateRaw } from "node:zlib";

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

/** Begins a member with content. */
export async function startGzip(content: Uint8Array): Promise<GzipStart> {
  const compressed = await deflate(content, { finishFlush: constants.Z_SYNC_FLUSH });
  const bytes = new Uint8Array(HEADER.length + compressed.length);
  bytes.set(HEADER);
  bytes.set(compressed, HEADER.length);
  return { bytes, checksum: crc32(content), length: content.length };
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
