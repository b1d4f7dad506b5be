/** How long a client has to read a streamed response, in milliseconds. */
export const RESPONSE_TIMEOUT = 30_000;

/** The size of a chunk, in bytes. A client that does not read keeps about two of them in memory. */
const CHUNK_SIZE = 64 * 1024;

/**
 * Streams the parts in slices, without copying them. The connection of a client that has not read everything
 * after `timeout` milliseconds is closed.
 */
export function streamedBody(
  parts: readonly Uint8Array<ArrayBuffer>[],
  timeout: number = RESPONSE_TIMEOUT,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const slices = slicesOf(parts);
  const deadline = AbortSignal.timeout(timeout);
  let fail = (): void => {};
  return new ReadableStream({
    start: (controller) => {
      fail = () => controller.error(deadline.reason);
      deadline.addEventListener("abort", fail, { once: true });
    },
    pull: (controller) => {
      const { done, value } = slices.next();
      if (!done) return controller.enqueue(value);
      deadline.removeEventListener("abort", fail);
      controller.close();
    },
    cancel: () => deadline.removeEventListener("abort", fail),
  }, { highWaterMark: 0 });
}

/** Whether the error of a streamed response means that the client was too slow. */
export function isReadTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === "TimeoutError";
}

function* slicesOf(
  parts: readonly Uint8Array<ArrayBuffer>[],
): Generator<Uint8Array<ArrayBuffer>, void> {
  for (const part of parts) {
    for (let at = 0; at < part.length; at += CHUNK_SIZE) {
      yield part.subarray(at, at + CHUNK_SIZE);
    }
  }
}
