/**
 * Content up to this size, in bytes, is kept and compared as it is: 20,000 records of utmp. Of more only
 * digests are kept.
 */
export const LARGE = 8 * 2 ** 20;

const SLICE = 2 ** 20;
const DIGEST_SIZE = 32;

/**
 * What tells content from other content: small content itself, and the SHA-256 of each mebibyte of large
 * content, so that nobody has to keep that. A slice at a time, since the runtime
 * copies what it digests.
 */
export async function fingerprintOf(bytes: Uint8Array): Promise<Uint8Array> {
  if (bytes.length <= LARGE) return bytes;
  const slices = Math.ceil(bytes.length / SLICE);
  const digests = new Uint8Array(DIGEST_SIZE * slices);
  for (let i = 0; i < slices; i++) {
    const slice = bytes.slice(i * SLICE, (i + 1) * SLICE);
    digests.set(new Uint8Array(await crypto.subtle.digest("SHA-256", slice)), i * DIGEST_SIZE);
  }
  return digests;
}
