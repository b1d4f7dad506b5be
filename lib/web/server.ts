import type { Log } from "../log.ts";
import type { Handler } from "./http.ts";
import type { ListenAddress } from "../cli/listen_address.ts";
import { startPlainServers } from "./plain_server.ts";
import type { RunningServers } from "./running_servers.ts";
import type { WebSecurity } from "./web_security.ts";

/**
 * Listens on all addresses. If one fails, logs it, closes the others and returns null. Plain HTTP uses
 * `Deno.serve`. A web configuration, Unix sockets and Node use node:http or node:https, which are loaded only
 * then.
 */
export async function startServers(
  addresses: readonly ListenAddress[],
  { handler, security, log, socketAt, canServe }: {
    readonly handler: Handler;
    /** Null without a web configuration. */
    readonly security: WebSecurity | null;
    readonly log: Log;
    /** The file descriptor of a Unix socket that systemd passed. */
    readonly socketAt: (path: string) => Promise<number>;
    /** Whether the runtime has `Deno.serve`. */
    readonly canServe: boolean;
  },
): Promise<RunningServers | null> {
  const plain = addresses.filter((address) => address.kind === "tcp");
  if (canServe && security === null && plain.length === addresses.length) {
    return startPlainServers(plain, { handler, log });
  }
  const { startNodeServers } = await import("./node_server.ts");
  return await startNodeServers(addresses, {
    handler: security?.withAccessControl(handler) ?? handler,
    log,
    tls: security?.tls ?? null,
    socketAt,
  });
}
