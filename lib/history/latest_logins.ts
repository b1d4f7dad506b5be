import type { LastLogins } from "../sessions/history.ts";

/** The number of users whose latest login is kept. Others are only counted, at most as many again. */
export const MAX_USERS = 100_000;

/** Collects the latest login of each user, in bounded memory. */
export class LatestLogins {
  readonly #limit: number;
  readonly #times = new Map<string, number>();
  readonly #omitted = new Set<string>();
  #skipped = 0;

  constructor(limit: number = MAX_USERS) {
    this.#limit = limit;
  }

  /** Adds a login at this time, in seconds since the epoch. */
  add(username: string, time: number): void {
    const known = this.#times.get(username);
    if (known !== undefined) {
      if (time > known) this.#times.set(username, time);
    } else if (this.#times.size < this.#limit) {
      this.#times.set(username, time);
    } else if (this.#omitted.size < this.#limit) {
      this.#omitted.add(username);
    }
  }

  /** Counts a user whose name could not be decoded as omitted. */
  skip(): void {
    this.#skipped++;
  }

  /** What was collected so far. It does not change with later logins. */
  result(): LastLogins {
    return { times: new Map(this.#times), omitted: this.#omitted.size + this.#skipped };
  }
}
