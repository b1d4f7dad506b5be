import type { Handler } from "./handler.ts";
import { joinHostPort, type ListenAddress } from "./listen_address.ts";
import type { Log } from "./log.ts";

/** How long running requests may take to finish when the program ends, in milliseconds. */
export const SHUTDOWN_TIMEOUT = 5_000;

/** A server for one listen address. */
export type Server = Deno.HttpServer<Deno.NetAddr>;

/**
 * Listens on all addresses, or on none: then the result is null and a log line names the address that
 * could not be had.
 */
export function startServers(
  addresses: readonly ListenAddress[],
  { handler, log }: { readonly handler: Handler; readonly log: Log },
): readonly Server[] | null {
  const servers: Server[] = [];
  for (const address of addresses) {
    try {
      servers.push(...listen(address, { handler, log }));
    } catch (error) {
      const advice = "choose another with --web.listen-address";
      log.error("cannot listen", { address: address.text, error: String(error), advice });
      return null;
    }
  }
  for (const { addr: { hostname, port } } of servers) {
    log.info("listening", { address: joinHostPort(hostname, port) });
  }
  return servers;
}

/** Lets running requests finish; those that take longer than {@link SHUTDOWN_TIMEOUT} are cut off. */
export async function stopServers(servers: readonly Server[], log: Log): Promise<void> {
  const { promise: timedOut, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), SHUTDOWN_TIMEOUT);
  const finished = Promise.all(servers.map((server) => server.shutdown())).then(() => true);
  const inTime = await Promise.race([finished, timedOut]);
  clearTimeout(timer);
  if (!inTime) {
    log.warn("cut off requests that did not finish in time", { milliseconds: SHUTDOWN_TIMEOUT });
  }
}

/** The servers of one address. Throws what the system says when it cannot be had. */
function listen(
  { hostname, port }: ListenAddress,
  { handler, log }: { readonly handler: Handler; readonly log: Log },
): readonly Server[] {
  const onError = (error: unknown): Response => {
    log.error("a request failed", { error: String(error) });
    return new Response("Internal error\n", { status: 500 });
  };
  const serve = (hostname: string, port: number): Server =>
    Deno.serve({ hostname, port, onListen: () => {}, onError }, handler);
  return hostname === null ? listenEverywhere(port, serve) : [serve(hostname, port)];
}

/** IPv6 and IPv4: one socket takes both, unless the system says otherwise. */
function listenEverywhere(
  port: number,
  serve: (hostname: string, port: number) => Server,
): readonly Server[] {
  const ipv6 = unless(isWithoutIpv6, () => serve("::", port));
  if (ipv6 === null) return [serve("0.0.0.0", port)];
  // Where net.ipv6.bindv6only is set, the socket takes no IPv4; elsewhere it has that address already.
  const ipv4 = unless(isInUse, () => serve("0.0.0.0", ipv6.addr.port));
  return ipv4 === null ? [ipv6] : [ipv6, ipv4];
}

/** What `start` gives; null when it throws what `expected` accepts. */
function unless(expected: (error: unknown) => boolean, start: () => Server): Server | null {
  try {
    return start();
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
