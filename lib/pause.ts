/** Resolves after so many milliseconds. Deno loads 2.8 MiB for its `setTimeout`, and nothing for this. */
export function pause(milliseconds: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  AbortSignal.timeout(milliseconds).addEventListener("abort", () => resolve(), { once: true });
  return promise;
}
