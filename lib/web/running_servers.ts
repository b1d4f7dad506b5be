import type { Log } from "../log.ts";
import { pause } from "../pause.ts";
import type { ListenAddress } from "../cli/listen_address.ts";

/** How long running requests have to finish at shutdown, in milliseconds. */
export const SHUTDOWN_TIMEOUT = 5_000;

/** The running servers. */
export interface RunningServers {
  /** Whether they may listen again later, which needs the permission `net`. */
  readonly listensAgain: boolean;
  /** Stops accepting connections, and resolves when all requests are finished. */
  readonly close: () => Promise<void>;
  /** Closes all connections at once. */
  readonly cut: () => void;
}

/** Logs an address on which the server cannot listen. */
export function logCannotListen(
  log: Log,
  { address, error }: { readonly address: ListenAddress; readonly error: unknown },
): void {
  const advice = "choose another with --web.listen-address";
  log.error("cannot listen", { address: address.text, error: String(error), advice });
}

/**
 * Stops accepting connections and lets running requests finish. After {@link SHUTDOWN_TIMEOUT}, closes their
 * connections.
 */
export async function stopServers(
  servers: RunningServers,
  { log, signal }: { readonly log: Log; readonly signal: string },
): Promise<void> {
  const closed = servers.close();
  log.info("stopping", { signal });
  const inTime = await Promise.race([
    closed.then(() => true),
    pause(SHUTDOWN_TIMEOUT).then(() => false),
  ]);
  if (inTime) return;
  log.warn("requests did not finish in time; connections closed", {
    milliseconds: SHUTDOWN_TIMEOUT,
  });
  servers.cut();
}
