// @ts-types="./declarations/std_async_deadline.d.ts"
import { deadline } from "@std/async/deadline";

/** An answer, or none in time. */
export type Answer<T> = { readonly inTime: true; readonly value: T } | { readonly inTime: false };

/**
 * Asks something that may hang, as a file system does that is gone. It is asked again only when it has
 * answered: until then every question fails at once.
 */
export class Timely<T> {
  readonly #timeout: number;
  #isAsking = false;

  /** `timeout` in milliseconds. */
  constructor(timeout: number) {
    this.#timeout = timeout;
  }

  /** The answer of `question`. Rejects as it does. */
  async ask(question: () => Promise<T>): Promise<Answer<T>> {
    if (this.#isAsking) return { inTime: false };
    this.#isAsking = true;
    const asking = question().finally(() => this.#isAsking = false);
    try {
      return { inTime: true, value: await deadline(asking, this.#timeout) };
    } catch (error) {
      if (!isTimeout(error)) throw error;
      asking.catch(() => {});
      return { inTime: false };
    }
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === "TimeoutError";
}
