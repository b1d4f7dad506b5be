import { pause } from "../pause.ts";
import type { Result } from "../result.ts";

/** A timeout is counted in this many ticks. It expires at most one tick late. */
const TICKS = 8;

/** An operation that has not ended yet. */
interface Pending {
  ticks: number;
  readonly expire: () => void;
}

/**
 * Runs operations that may hang, for example on a network file system, one at a time. While one
 * hangs, every other fails at once.
 *
 * A timer for each operation would cost more than most operations. So one timer ticks while an operation
 * runs.
 */
export class Timeout<T> {
  readonly #milliseconds: number;
  #pending: Pending | null = null;
  #isTicking = false;

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
  }

  /** Runs `operation`. Fails if it rejects or takes too long. Never rejects. */
  run(operation: () => Promise<T>): Promise<Result<T>> {
    const expired = { ok: false, error: `no response in ${this.#milliseconds} ms` } as const;
    if (this.#pending !== null) return Promise.resolve(expired);
    if (!this.#isTicking) this.#tick();
    return new Promise((resolve) => {
      this.#pending = { ticks: 0, expire: () => resolve(expired) };
      const settle = (outcome: Result<T>): void => {
        this.#pending = null;
        resolve(outcome);
      };
      operation().then(
        (value) => settle({ ok: true, value }),
        (error) => settle({ ok: false, error: String(error) }),
      );
    });
  }

  async #tick(): Promise<void> {
    this.#isTicking = true;
    let pending: Pending | null;
    do {
      await pause(this.#milliseconds / TICKS);
      pending = this.#pending;
      if (pending !== null && ++pending.ticks === TICKS + 1) pending.expire();
    } while (pending !== null && pending.ticks <= TICKS);
    this.#isTicking = false;
  }
}
