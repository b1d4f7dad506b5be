import { command, type RunOptions } from "./program.ts";
import { until, within } from "./wait.ts";

/** A program that runs while a test talks to it. Disposing it ends it. */
export class Peer implements AsyncDisposable {
  protected readonly child: Deno.ChildProcess;
  protected readonly reading: Promise<unknown>;
  /** Everything that it has printed on stdout and stderr. */
  protected output = "";
  #hasExited = false;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;

  constructor(words: readonly string[], options: RunOptions = {}) {
    this.child = command(words, { ...options, stdin: "piped" }).spawn();
    this.#input = this.child.stdin.getWriter();
    this.reading = Promise.all([this.child.stdout, this.child.stderr].map(async (stream) => {
      const decoder = new TextDecoderStream("utf-8", { fatal: true });
      for await (const text of stream.pipeThrough(decoder)) this.output += text;
    }));
    this.child.status.then(() => this.#hasExited = true);
  }

  /** The id of its process. */
  get pid(): number {
    return this.child.pid;
  }

  /** Waits until the output matches, and gives the match. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    return await until(`${pattern} in the output`, async () => {
      const found = pattern.exec(this.output);
      if (found !== null) return found;
      if (!this.#hasExited) return null;
      await this.reading;
      throw new Error(`A program ended without ${pattern} in its output:\n${this.output}`);
    });
  }

  /** Writes to its stdin. */
  async type(text: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(text));
  }

  /** Sends a signal without waiting for its effect. */
  kill(signal: Deno.Signal): void {
    if (!this.#hasExited) this.child.kill(signal);
  }

  /** Waits until it ends; gives its exit code. */
  async ended(): Promise<number> {
    const { code } = await within("the end of a program", this.child.status);
    await within("the end of its output", this.reading);
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill("SIGTERM");
    await this.ended();
    // It may not have read everything.
    await this.#input.close().catch(() => {});
  }
}
