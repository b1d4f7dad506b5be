import type { Log } from "../log.ts";
import { pause } from "../pause.ts";
import type { ListenAddress } from "../cli/listen_address.ts";

/** How long running requests may take to finish when the program ends, in milliseconds. */
export const SHUTDOWN_TIMEOUT = 5_000;

/** Servers that listen, of whatever kind. */
export interface RunningServers {
  /** Whether they may listen again while the program runs, which needs the permission to. */
  readonly listensAgain: boolean;
  /** Takes no more connections from now on, and resolves when all requests are finished. */
  readonly close: () => Promise<void>;
  /** Closes all connections at once. */
  readonly cut: () => void;
}

/** One line about an address that cannot be listened on. */
export function logCannotListen(
  log: Log,
  { address, error }: { readonly address: ListenAddress; readonly error: unknown },
): void {
  const advice = "choose another with --web.listen-address";
  log.error("cannot listen", { address: address.text, error: String(error), advice });
}

/**
 * Takes no more connections and lets running requests finish; those that take longer than
 * {@link SHUTDOWN_TIMEOUT} are cut off.
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
  log.warn("cut off requests that did not finish in time", { milliseconds: SHUTDOWN_TIMEOUT });
  servers.cut();
}
