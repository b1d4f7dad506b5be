/** How long a client may take to read a streamed answer, in milliseconds. */
export const RESPONSE_TIMEOUT = 30_000;

/** How many bytes are handed over at a time. A client that does not read holds about two of these in memory. */
const CHUNK_SIZE = 64 * 1024;

/**
 * The parts one after the other, as slices of them: nothing is copied or joined. A client that has not read
 * all of them after `timeout` milliseconds loses its connection.
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

/** Whether a streamed answer ended with this error because its client was too slow. */
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
