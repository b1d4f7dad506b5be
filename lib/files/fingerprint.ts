/** Content up to this size is compared as it is, larger content by digests. In bytes; 20,000 records of utmp. */
export const LARGE = 8 * 2 ** 20;

const SLICE = 2 ** 20;
const DIGEST_SIZE = 32;

/**
 * Bytes that are equal for equal content: small content itself, and for large content the SHA-256 of each
 * mebibyte, so that it need not be kept. It is digested in slices, because the runtime copies what it digests.
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
