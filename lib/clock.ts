/** The clocks of the program. They are passed in, so that tests can control them. */
export interface Clock {
  /** Milliseconds since the epoch. Jumps when the machine's clock is set. */
  readonly epoch: () => number;
  /** Milliseconds since a fixed moment. Never goes back. */
  readonly monotonic: () => number;
}
