/** A function whose overlapping calls share one run of `work`, and its result or its rejection. */
export function singleFlight<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null;
  return () => running ??= work().finally(() => running = null);
}
