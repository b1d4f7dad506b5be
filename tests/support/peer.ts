import { command } from "./program.ts";
import { until, within } from "./wait.ts";

/** A program of another project that a test runs: a server or a client. Disposing it ends it. */
export class Peer implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #reading: Promise<unknown>;
  #output = "";
  #hasExited = false;

  constructor(words: readonly string[]) {
    this.#child = command(words, { stdin: "piped" }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#reading = Promise.all([this.#child.stdout, this.#child.stderr].map(async (stream) => {
      for await (const text of stream.pipeThrough(new TextDecoderStream())) this.#output += text;
    }));
    this.#child.status.then(() => this.#hasExited = true);
  }

  /** Waits until the output, on stdout or stderr, matches, and gives the match. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    return await until(`${pattern} in the output`, async () => {
      const found = pattern.exec(this.#output);
      if (found !== null) return found;
      if (!this.#hasExited) return null;
      await this.#reading;
      throw new Error(`A program ended without ${pattern} in its output:\n${this.#output}`);
    });
  }

  /** Writes to its stdin. */
  async type(text: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(text));
  }

  /** Waits until it ends by itself; gives its exit code. */
  async ended(): Promise<number> {
    const { code } = await within("the end of a program", this.#child.status);
    await this.#reading;
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#hasExited) this.#child.kill("SIGTERM");
    await this.ended();
    // What it did not read is of no interest.
    await this.#input.close().catch(() => {});
  }
}
