import { assertEquals } from "./assert.ts";
import { get } from "./get.ts";
import { command, programCommand, type RunOptions } from "./program.ts";
import { until, within } from "./wait.ts";

/** The last line of the start: the first look at the source is over. */
const STARTED = /reading sessions|cannot read the sessions/;

const LISTENING = /listening"?.*?\baddress"?[=:]"?(\S+):(\d+)\b/;

/** How a server ended, with everything that it logged. */
export interface Stopped {
  readonly code: number;
  /** The signal that killed it; null when it exited. */
  readonly signal: Deno.Signal | null;
  readonly stderr: string;
}

/** The real program, serving. Disposing it kills it when it still runs. */
export class Exporter implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #reading: Promise<void>;
  #stderr = "";
  #hasExited = false;

  constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#reading = this.#read();
    child.status.then(() => this.#hasExited = true);
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder("utf-8", { fatal: true });
    for await (const bytes of this.#child.stderr) {
      this.#stderr += decoder.decode(bytes, { stream: true });
    }
  }

  /** The address of each listener, in the order of the flags. */
  get addresses(): readonly { readonly host: string; readonly port: number }[] {
    return this.#stderr.split("\n").flatMap((line) => {
      const [, host, port] = LISTENING.exec(line) ?? [];
      return host === undefined ? [] : [{ host, port: Number(port) }];
    });
  }

  /** The port of the first listener. */
  get port(): number {
    return this.addresses[0]?.port ?? 0;
  }

  /** The id of its process. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Waits for a line on stderr. */
  async line(pattern: RegExp): Promise<string> {
    return await until(`a line ${pattern}`, async () => {
      const found = this.#stderr.split("\n").slice(0, -1).find((line) => pattern.test(line));
      if (found !== undefined) return found;
      if (!this.#hasExited) return null;
      await this.#reading;
      throw new Error(`The exporter ended without a line ${pattern}:\n${this.#stderr}`);
    });
  }

  /** The body of a successful scrape. */
  async scrape(path = "/metrics"): Promise<string> {
    const { status, body } = await get(`http://127.0.0.1:${this.port}${path}`);
    assertEquals(status, 200, body);
    return body;
  }

  /** Sends a signal without waiting for what it does. */
  kill(signal: Deno.Signal): void {
    if (!this.#hasExited) this.#child.kill(signal);
  }

  /** Sends a signal and waits for the end; only then has every line of the log been read. */
  async stop(signal: Deno.Signal = "SIGTERM"): Promise<Stopped> {
    this.kill(signal);
    const status = await within("the end of the exporter", this.#child.status);
    await within("the end of its stderr", this.#reading);
    return { code: status.code, signal: status.signal, stderr: this.#stderr };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop("SIGKILL");
  }
}

/**
 * Starts the program on a free port, of the loopback unless the arguments or the environment name
 * another address, and waits until it listens and has looked at its source once.
 */
export async function startExporter(
  args: readonly string[],
  { prefix = [], env = {} }: RunOptions = {},
): Promise<Exporter> {
  const isAddressed = args.some((arg) => arg.startsWith("--web.listen-address")) ||
    "UUE_WEB_LISTEN_ADDRESS" in env;
  const address = isAddressed ? [] : ["--web.listen-address=127.0.0.1:0"];
  const words = [...prefix, ...programCommand([...address, ...args])];
  const exporter = new Exporter(command(words, { env, stdout: "null" }).spawn());
  try {
    await exporter.line(STARTED);
    return exporter;
  } catch (error) {
    await exporter[Symbol.asyncDispose]();
    throw error;
  }
}
