import type { Log } from "../log.ts";
import { pause } from "../pause.ts";
import { type Handler, plainResponse } from "./http.ts";
import { joinHostPort, type TcpAddress } from "../cli/listen_address.ts";
import { logCannotListen, type RunningServers } from "./running_servers.ts";
import { isReadTimeout } from "./streamed_body.ts";

/** How long to wait before listening is tried again, in milliseconds. */
const RETRY_PAUSE = 100;

/** After so long without running out of files the shortage counts as over, in milliseconds. */
export const CALM = 10_000;

/** A server that listens, and what closes its connections and its listener. */
interface Listening {
  readonly server: Deno.HttpServer<Deno.NetAddr>;
  readonly abort: AbortController;
  /** Where it listens, and will again. */
  readonly bound: { readonly hostname: string; readonly port: number };
}

/** Makes a server that listens. Throws what the system says where it cannot. */
type Listen = (bound: Listening["bound"]) => Listening;

/**
 * Listens with `Deno.serve` on all addresses, or on none: then the result is null and a log line names the
 * address that could not be had.
 *
 * `Deno.serve` bounds neither connections nor the time that they stay open. Where the system has no file left
 * for the next one, it stops accepting; then all connections are closed and it listens again.
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

/** Servers that share what they do when files run out, since these are of the whole process. */
class Supervisor implements RunningServers {
  readonly listensAgain = true;
  readonly #handler: Handler;
  readonly #log: Log;
  #listening: Listening[] = [];
  #isStopping = false;
  #isRenewing = false;
  /** How many times all connections were closed since the last calm. */
  #renewals = 0;

  constructor(handler: Handler, log: Log) {
    this.#handler = handler;
    this.#log = log;
  }

  /** Listens on one more address. Throws what the system says where it cannot be had. */
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

  /** Connections of a server that is shutting down end with the process: aborting them then would throw. */
  cut(): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    for (const { abort } of this.#listening) abort.abort();
  }

  #listen({ hostname, port }: Listening["bound"]): Listening {
    const abort = new AbortController();
    const { signal } = abort;
    const onError = (error: unknown): Response => {
      // The answer has begun, and ends with the connection.
      if (!isReadTimeout(error)) this.#log.error("a request failed", { error: String(error) });
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
      const instead = "all connections are closed, and it listens again";
      this.#log.warn("cannot accept connections", { error: String(error), instead, advice });
    }
    // In this order: what is shut down can no longer be aborted.
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
        // The file that the listener needs, or its port, is not free yet.
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
  // IPv6 and IPv4: one socket takes both, unless the system says otherwise.
  const ipv6 = unless(isWithoutIpv6, () => listen({ hostname: "::", port }));
  if (ipv6 === null) return [listen({ hostname: "0.0.0.0", port })];
  // Where net.ipv6.bindv6only is set, the socket takes no IPv4; elsewhere it has that address already.
  const ipv4 = unless(isInUse, () => listen({ hostname: "0.0.0.0", port: ipv6.bound.port }));
  return ipv4 === null ? [ipv6] : [ipv6, ipv4];
}

/** What `listen` gives; null when it fails with what `expected` accepts. */
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

/** A kernel without IPv6, and not a port that is taken or needs a privilege. */
function isWithoutIpv6(error: unknown): boolean {
  return !isInUse(error) && !(error instanceof Deno.errors.PermissionDenied);
}
