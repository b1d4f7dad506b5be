import { pause } from "../pause.ts";

/** An answer, or none in time. */
export type Answer<T> = { readonly inTime: true; readonly value: T } | { readonly inTime: false };

const LATE = { inTime: false } as const;

/** A timeout is counted in so many ticks, and is over one tick later at most. */
const TICKS = 8;

/** A question that has not been answered yet. */
interface Asking {
  ticks: number;
  readonly giveUp: () => void;
}

/**
 * Asks something that may hang, as a file system does that is gone. It is asked again only when it has
 * answered: until then every question fails at once.
 *
 * Questions have no timer of their own, which would cost more than most of them: one that they share ticks
 * while something is asked.
 */
export class Deadline<T> {
  readonly #tick: number;
  #asking: Asking | null = null;
  #isTicking = false;

  /** `timeout` in milliseconds. */
  constructor(timeout: number) {
    this.#tick = timeout / TICKS;
  }

  /** The answer of `question`. Rejects as it does. */
  ask(question: () => Promise<T>): Promise<Answer<T>> {
    if (this.#asking !== null) return Promise.resolve(LATE);
    if (!this.#isTicking) this.#keepTicking();
    return new Promise((resolve, reject) => {
      this.#asking = { ticks: 0, giveUp: () => resolve(LATE) };
      question().then(
        (value) => {
          this.#asking = null;
          resolve({ inTime: true, value });
        },
        (error) => {
          this.#asking = null;
          reject(error);
        },
      );
    });
  }

  async #keepTicking(): Promise<void> {
    this.#isTicking = true;
    let asking: Asking | null;
    do {
      await pause(this.#tick);
      asking = this.#asking;
      if (asking !== null && ++asking.ticks === TICKS + 1) asking.giveUp();
    } while (asking !== null && asking.ticks <= TICKS);
    this.#isTicking = false;
  }
}
