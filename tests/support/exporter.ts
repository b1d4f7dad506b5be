import { assertEquals } from "./assert.ts";
import { get } from "./get.ts";
import { Peer } from "./peer.ts";
import { programCommand, type RunOptions } from "./program.ts";

/** The last line of the start: the source was read for the first time. */
const STARTED = /reading sessions|cannot read the sessions/;

const LISTENING = /listening"?.*?\baddress"?[=:]"?(\S+):(\d+)\b/g;

/** How a server ended, with everything that it logged. */
export interface Stopped {
  readonly code: number;
  /** The signal that killed it; null when it exited. */
  readonly signal: Deno.Signal | null;
  readonly stderr: string;
}

/** The real program, serving. Disposing it kills it if it still runs. */
export class Exporter extends Peer {
  /** The address of each listener, in the order of the flags. */
  get addresses(): readonly { readonly host: string; readonly port: number }[] {
    return [...this.output.matchAll(LISTENING)].map(([, host = "", port]) => {
      return { host, port: Number(port) };
    });
  }

  /** The port of the first listener. */
  get port(): number {
    return this.addresses[0]?.port ?? 0;
  }

  /** Waits for a line on stderr. */
  async line(pattern: RegExp): Promise<string> {
    const [line] = await this.printed(new RegExp(`^.*(?:${pattern.source}).*(?=\n)`, "m"));
    return line;
  }

  /** The body of a successful scrape. */
  async scrape(path = "/metrics"): Promise<string> {
    const { status, body } = await get(`http://127.0.0.1:${this.port}${path}`);
    assertEquals(status, 200, body);
    return body;
  }

  /** Sends a signal and waits for the end. */
  async stop(signal: Deno.Signal = "SIGTERM"): Promise<Stopped> {
    this.kill(signal);
    const code = await this.ended();
    return { code, signal: (await this.child.status).signal, stderr: this.output };
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    this.kill("SIGKILL");
    await super[Symbol.asyncDispose]();
  }
}

/**
 * Starts the program on a free port, of the loopback unless the arguments or the environment name
 * another address, and waits until it listens and has read its source once.
 */
export async function startExporter(
  args: readonly string[],
  { prefix = [], env = {} }: RunOptions = {},
): Promise<Exporter> {
  const isAddressed = args.some((arg) => arg.startsWith("--web.listen-address")) ||
    "UUE_WEB_LISTEN_ADDRESS" in env;
  const address = isAddressed ? [] : ["--web.listen-address=127.0.0.1:0"];
  const exporter = new Exporter([...prefix, ...programCommand([...address, ...args])], { env });
  try {
    await exporter.line(STARTED);
    return exporter;
  } catch (error) {
    await exporter[Symbol.asyncDispose]();
    throw error;
  }
}
