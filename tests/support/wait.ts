/**
 * The time limit of a wait, in milliseconds: far more than a healthy machine needs. The environment variable
 * PATIENCE sets another number of seconds, for an emulated machine.
 */
export const PATIENCE = 1_000 * Number(Deno.env.get("PATIENCE") ?? 20);

/** The time between two attempts of {@link until}, in milliseconds. */
const PAUSE = 20;

/** Waits for a promise for at most `patience` ms. */
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
 * Tries until an attempt returns something other than null, for at most {@link PATIENCE} ms. An attempt that throws
 * ends the wait.
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
