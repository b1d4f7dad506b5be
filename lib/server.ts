import type { ListenAddress } from "./listen_address.ts";

/** How long running requests may take to finish when the program ends, in milliseconds. */
export const SHUTDOWN_TIMEOUT = 5_000;

/** A server for one listen address. */
export type Server = Deno.HttpServer<Deno.NetAddr>;

/**
 * Starts to listen, on IPv6 and IPv4 where no host is given. Throws what the system says when the
 * address cannot be had.
 */
export function startServer(
  { hostname, port }: ListenAddress,
  { handler, onError }: {
    readonly handler: (request: Request) => Promise<Response>;
    readonly onError: (error: unknown) => void;
  },
): Server {
  const listen = (host: string): Server =>
    Deno.serve({
      hostname: host,
      port,
      onListen: () => {},
      onError: (error) => {
        onError(error);
        return new Response("Internal error\n", { status: 500 });
      },
    }, handler);
  if (hostname !== null) return listen(hostname);
  try {
    return listen("::");
  } catch (error) {
    // A kernel without IPv6.
    if (error instanceof Deno.errors.AddrInUse || error instanceof Deno.errors.PermissionDenied) {
      throw error;
    }
    return listen("0.0.0.0");
  }
}

/** Lets running requests finish; false when some were cut off by {@link SHUTDOWN_TIMEOUT}. */
export async function stopServers(servers: readonly Server[]): Promise<boolean> {
  const { promise: timedOut, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), SHUTDOWN_TIMEOUT);
  const finished = Promise.all(servers.map((server) => server.shutdown())).then(() => true);
  const inTime = await Promise.race([finished, timedOut]);
  clearTimeout(timer);
  return inTime;
}
