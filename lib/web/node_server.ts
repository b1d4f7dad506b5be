import { createServer, type Server, type ServerOptions } from "node:http";
import type { Log } from "../log.ts";
import { Connections } from "./connections.ts";
import type { Handler } from "./http.ts";
import { joinHostPort, type ListenAddress, type TcpAddress } from "../cli/listen_address.ts";
import { requestListener } from "./request_listener.ts";
import { logCannotListen, type RunningServers } from "./running_servers.ts";
import type { ReloadableTlsServer } from "./tls_server.ts";

/** The maximum number of open connections. A process can have at least 1,024 open files. */
export const MAX_CONNECTIONS = 800;

/** Limits for requests, in milliseconds and bytes. */
export const LIMITS = {
  headersTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
  /** Longer than any usual scrape interval, so that a connection serves many scrapes. */
  keepAliveTimeout: 130_000,
  maxHeaderSize: 16 * 1024,
  /** HTTP/1.0 clients send none, and nothing here depends on it. */
  requireHostHeader: false,
} satisfies ServerOptions;

/**
 * Listens with node:http or node:https on all addresses. If one fails, logs it, closes the others and returns
 * null.
 */
export async function startNodeServers(
  addresses: readonly ListenAddress[],
  { handler, log, tls, socketAt }: {
    readonly handler: Handler;
    readonly log: Log;
    /** The file descriptor of a Unix socket that systemd passed. */
    readonly socketAt: (path: string) => Promise<number>;
    /** Null for plain HTTP. */
    readonly tls: ReloadableTlsServer | null;
  },
): Promise<RunningServers | null> {
  const connections = new Connections(MAX_CONNECTIONS);
  const servers: Server[] = [];
  const listener = requestListener(handler, { connections, log });
  const create = (): Server => {
    const server = tls?.createServer(LIMITS, listener) ?? createServer(LIMITS, listener);
    // A client may close its half of the connection after the request and still read the answer.
    Object.assign(server, { httpAllowHalfOpen: true });
    server.on("connection", (socket) => connections.add(socket));
    // Without this listener node:http responds to an unknown Expect header itself, without access control.
    server.on("checkExpectation", listener);
    return server;
  };
  for (const address of addresses) {
    try {
      const bound = address.kind === "unix"
        ? [await bind(create(), { fd: await socketAt(address.path) })]
        : await listen(address, create);
      servers.push(...bound);
    } catch (error) {
      logCannotListen(log, { address, error });
      for (const server of servers) server.close();
      return null;
    }
  }
  for (const server of servers) {
    const bound = boundTo(server);
    if (bound !== null) log.info("listening", { address: joinHostPort(bound.address, bound.port) });
  }
  for (const { kind, text } of addresses) {
    if (kind === "unix") log.info("listening", { address: text });
  }
  return {
    listensAgain: false,
    close: async () => {
      const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
      connections.drain();
      await Promise.all(closed);
    },
    cut: () => connections.cut(),
  };
}

/** The servers of one address, one for each socket. Rejects with the error of the system. */
async function listen(
  { hostname, port }: TcpAddress,
  create: () => Server,
): Promise<readonly Server[]> {
  if (hostname !== null) return [await bind(create(), { host: hostname, port })];
  // One socket accepts IPv6 and IPv4, unless the system is configured otherwise.
  const ipv6 = await unless(isWithoutIpv6, bind(create(), { host: "::", port }));
  if (ipv6 === null) return [await bind(create(), { host: "0.0.0.0", port })];
  // With net.ipv6.bindv6only, IPv4 needs its own socket. Otherwise its address is already in use.
  const ipv4 = await unless(
    isInUse,
    bind(create(), { host: "0.0.0.0", port: boundTo(ipv6)?.port ?? port }),
  );
  return ipv4 === null ? [ipv6] : [ipv6, ipv4];
}

function bind(
  server: Server,
  where: { readonly host: string; readonly port: number } | { readonly fd: number },
): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(where, () => {
      server.off("error", reject);
      resolve(server);
    });
  });
}

/** The address of a TCP server; null for a Unix socket. */
function boundTo(server: Server): { readonly address: string; readonly port: number } | null {
  const address = server.address();
  return typeof address === "object" ? address : null;
}

/** The result of `starting`; null if it fails with an error that `expected` accepts. */
async function unless(
  expected: (code: unknown) => boolean,
  starting: Promise<Server>,
): Promise<Server | null> {
  try {
    return await starting;
  } catch (error) {
    if (error instanceof Error && "code" in error && expected(error.code)) return null;
    throw error;
  }
}

function isInUse(code: unknown): boolean {
  return code === "EADDRINUSE";
}

/** Whether the kernel has no IPv6, as opposed to a port that is in use or needs privileges. */
function isWithoutIpv6(code: unknown): boolean {
  return !isInUse(code) && code !== "EACCES";
}
