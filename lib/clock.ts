/** The two clocks of the program, passed in so that tests can hold them. */
export interface Clock {
  /** Milliseconds since the epoch; may jump when the machine's clock is set. */
  readonly epoch: () => number;
  /** Milliseconds since some fixed moment; never goes back. */
  readonly monotonic: () => number;
}
