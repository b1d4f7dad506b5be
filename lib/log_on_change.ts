/** A state that is logged when it changes (`!==`), and not again while it stays the same. */
export class LogOnChange<State> {
  #state: State;

  /** `initial` is the state that needs no log line. */
  constructor(initial: State) {
    this.#state = initial;
  }

  /** The state of the last update. */
  get state(): State {
    return this.#state;
  }

  /** Sets the state. If it changed, calls `log` with the previous one. */
  update(state: State, log: (previous: State) => void): void {
    const previous = this.#state;
    if (state === previous) return;
    this.#state = state;
    log(previous);
  }
}
