/**
 * How long a test waits for anything that a healthy machine does in far less, in milliseconds. The
 * environment variable PATIENCE sets another number of seconds, for a machine that is emulated.
 */
export const PATIENCE = 1_000 * Number(Deno.env.get("PATIENCE") ?? 20);

/** The time between two attempts of {@link until} where nothing else is said, in milliseconds. */
const PAUSE = 20;

/** Waits for a promise, and rejects with what was waited for when it takes longer than `patience` ms. */
export async function within<T>(
  what: string,
  promise: Promise<T>,
  patience: number = PATIENCE,
): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const error = new Error(`Waited ${patience} ms in vain for ${what}`);
  const timer = setTimeout(() => reject(error), patience);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Tries until an attempt gives something else than null, at most {@link PATIENCE} ms. An attempt that
 * throws ends the wait: what cannot come about any more need not be waited for.
 */
export async function until<T>(
  what: string,
  attempt: () => Promise<T | null>,
  pause: number = PAUSE,
): Promise<T> {
  const end = performance.now() + PATIENCE;
  while (performance.now() < end) {
    const outcome = await within(what, attempt(), PATIENCE);
    if (outcome !== null) return outcome;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  throw new Error(`Waited ${PATIENCE} ms in vain for ${what}`);
}
