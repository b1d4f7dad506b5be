import type { Log } from "../log.ts";
import { pause } from "../pause.ts";
import { type Handler, plainResponse } from "./http.ts";
import { joinHostPort, type TcpAddress } from "../cli/listen_address.ts";
import { logCannotListen, type RunningServers } from "./running_servers.ts";
import { isReadTimeout } from "./streamed_body.ts";

/** The time between two attempts to listen, in milliseconds. */
const RETRY_PAUSE = 100;

/** After this time without an accept error, the shortage of files counts as over. In milliseconds. */
export const CALM = 10_000;

/** A listening server, and the controller that closes its listener and its connections. */
interface Listening {
  readonly server: Deno.HttpServer<Deno.NetAddr>;
  readonly abort: AbortController;
  /** The address on which it listens, also after a renewal. */
  readonly bound: { readonly hostname: string; readonly port: number };
}

/** Starts a server. Throws the error of the system. */
type Listen = (bound: Listening["bound"]) => Listening;

/**
 * Listens with `Deno.serve` on all addresses. If one fails, logs it, closes the others and returns null.
 *
 * `Deno.serve` limits neither the number of connections nor their duration. When the open files are used up,
 * it stops accepting connections. Then all connections are closed and the server listens again.
 */
export function startPlainServers(
  addresses: readonly TcpAddress[],
  { handler, log }: { readonly handler: Handler; readonly log: Log },
): RunningServers | null {
  const supervisor = new Supervisor(handler, log);
  for (const address of addresses) {
    try {
      supervisor.add(address);
    } catch (error) {
      logCannotListen(log, { address, error });
      supervisor.cut();
      return null;
    }
  }
  supervisor.logAddresses();
  return supervisor;
}

/** Servers that are renewed together, because the limit of open files is that of the process. */
class Supervisor implements RunningServers {
  readonly listensAgain = true;
  readonly #handler: Handler;
  readonly #log: Log;
  #listening: Listening[] = [];
  #isStopping = false;
  #isRenewing = false;
  /** How many times all connections were closed during this shortage. */
  #renewals = 0;

  constructor(handler: Handler, log: Log) {
    this.#handler = handler;
    this.#log = log;
  }

  /** Listens on one more address. Throws the error of the system. */
  add({ hostname, port }: TcpAddress): void {
    this.#listening.push(...listenOn({ hostname, port }, (bound) => this.#listen(bound)));
  }

  logAddresses(): void {
    for (const { bound: { hostname, port } } of this.#listening) {
      this.#log.info("listening", { address: joinHostPort(hostname, port) });
    }
  }

  async close(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.#listening.map(({ server }) => server.shutdown()));
  }

  /** Connections of a server that is shutting down end with the process; aborting them would throw. */
  cut(): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    for (const { abort } of this.#listening) abort.abort();
  }

  #listen({ hostname, port }: Listening["bound"]): Listening {
    const abort = new AbortController();
    const { signal } = abort;
    const onError = (error: unknown): Response => {
      // The response has begun, and ends with the connection.
      if (!isReadTimeout(error)) this.#log.error("request failed", { error: String(error) });
      return plainResponse(500, "Internal error");
    };
    const options = { hostname, port, signal, onError, onListen: () => {} };
    const server = Deno.serve(options, this.#handler);
    server.finished.catch((error) => signal.aborted ? undefined : this.#renew(error));
    return { server, abort, bound: server.addr };
  }

  /** Closes all connections and listens again. */
  async #renew(error: unknown): Promise<void> {
    if (this.#isRenewing || this.#isStopping) return;
    this.#isRenewing = true;
    const renewal = ++this.#renewals;
    if (renewal === 1) {
      const advice = "too many connections, or too few open files: see LimitNOFILE, ulimit -n";
      const instead = "all connections are closed; the server listens again";
      this.#log.warn("cannot accept connections", { error: String(error), instead, advice });
    }
    // The order matters: after a shutdown, a server can no longer be aborted.
    for (const { abort } of this.#listening) abort.abort();
    await Promise.allSettled(this.#listening.map(({ server }) => server.shutdown()));
    this.#listening = await Promise.all(
      this.#listening.map(({ bound }) => this.#listenAgain(bound)),
    );
    this.#isRenewing = false;
    if (this.#isStopping) {
      for (const { abort } of this.#listening) abort.abort();
      return;
    }
    await pause(CALM);
    if (renewal !== this.#renewals) return;
    this.#log.info("connections are accepted again", { renewals: this.#renewals });
    this.#renewals = 0;
  }

  async #listenAgain(bound: Listening["bound"]): Promise<Listening> {
    for (;;) {
      try {
        return this.#listen(bound);
      } catch {
        // The file for the listener, or its port, is not free yet.
        await pause(RETRY_PAUSE);
      }
    }
  }
}

/** The servers of one address, one for each socket. */
function listenOn(
  { hostname, port }: Pick<TcpAddress, "hostname" | "port">,
  listen: Listen,
): readonly Listening[] {
  if (hostname !== null) return [listen({ hostname, port })];
  // One socket accepts IPv6 and IPv4, unless the system is configured otherwise.
  const ipv6 = unless(isWithoutIpv6, () => listen({ hostname: "::", port }));
  if (ipv6 === null) return [listen({ hostname: "0.0.0.0", port })];
  // With net.ipv6.bindv6only, IPv4 needs its own socket. Otherwise its address is already in use.
  const ipv4 = unless(isInUse, () => listen({ hostname: "0.0.0.0", port: ipv6.bound.port }));
  return ipv4 === null ? [ipv6] : [ipv6, ipv4];
}

/** The result of `listen`; null if it fails with an error that `expected` accepts. */
function unless(expected: (error: unknown) => boolean, listen: () => Listening): Listening | null {
  try {
    return listen();
  } catch (error) {
    if (expected(error)) return null;
    throw error;
  }
}

function isInUse(error: unknown): boolean {
  return error instanceof Deno.errors.AddrInUse;
}

/** Whether the kernel has no IPv6, as opposed to a port that is in use or needs privileges. */
function isWithoutIpv6(error: unknown): boolean {
  return !isInUse(error) && !(error instanceof Deno.errors.PermissionDenied);
}
