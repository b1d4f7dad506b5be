import type { LogindFolder } from "./logind_folder.ts";

/** How many sessions there are at a time, and how many begin at least. */
const STANDING = 300;
const LEAST_BEGUN = 5_000;

/** How many sessions there can have been at a moment of a window. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** Sessions that come and go in a folder of logind as fast as they can be written. */
export class Churn implements AsyncDisposable {
  readonly #folder: LogindFolder;
  /** Sessions that are there for sure, and those that may be: their file is being written or removed. */
  readonly #certain = new Set<string>();
  readonly #possible = new Set<string>();
  readonly #windows = new Set<{ readonly always: Set<string>; readonly some: Set<string> }>();
  readonly #writing: Promise<void>;
  #isStopping = false;
  #isAborted = false;
  begun = 0;

  constructor(folder: LogindFolder) {
    this.#folder = folder;
    this.#writing = this.#write();
  }

  /** Begins a window; the function ends it and gives its bounds. */
  window(): () => Bounds {
    const window = { always: new Set(this.#certain), some: new Set(this.#possible) };
    this.#windows.add(window);
    return () => {
      this.#windows.delete(window);
      return { least: window.always.size, most: window.some.size };
    };
  }

  /** Lets the least number begin; gives how many are left. */
  async end(): Promise<number> {
    this.#isStopping = true;
    await this.#writing;
    return this.#certain.size;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isAborted = true;
    await this.#writing;
  }

  async #write(): Promise<void> {
    while (!this.#isAborted && (this.begun < LEAST_BEGUN || !this.#isStopping)) {
      await this.#begin(`s${this.begun++}`);
      const [oldest] = this.#certain;
      if (this.#certain.size > STANDING && oldest !== undefined) await this.#finish(oldest);
    }
  }

  async #begin(id: string): Promise<void> {
    this.#possible.add(id);
    for (const { some } of this.#windows) some.add(id);
    await this.#folder.write(id, `user${this.begun % 50}`);
    this.#certain.add(id);
  }

  async #finish(id: string): Promise<void> {
    this.#certain.delete(id);
    for (const { always } of this.#windows) always.delete(id);
    await this.#folder.remove(id);
    this.#possible.delete(id);
  }
}
