import { HEALTH_PATHS } from "../cli/config.ts";
import type { TlsMaterial } from "../web_config/loader.ts";
import { type ListenAddress, loopbackOf, type TcpAddress } from "../cli/listen_address.ts";

/** How long to wait for the connection and the response, in milliseconds. */
export const HEALTHCHECK_TIMEOUT = 3_000;

/**
 * How long to wait for a port that is not open yet, in milliseconds. A service that has just started opens
 * it when its runtime has loaded.
 */
export const STARTUP_TIMEOUT = 5_000;

/** The time between two attempts to connect, in milliseconds. */
const PAUSE = 100;

/** The statuses of a healthy exporter. 401 and 429 prove that the server is up. */
const ALIVE: readonly unknown[] = [200, 401, 429];

/** Why a health check failed. */
interface Failure {
  readonly error: string;
  /** Whether the connection was refused: the exporter does not listen yet. */
  readonly isRefused: boolean;
}

/** The timeouts of {@link checkHealth}, in milliseconds. */
interface Timeouts {
  readonly startupTimeout?: number;
  readonly timeout?: number;
}

/**
 * Checks the exporter at each TCP address, with TLS if `tls` is given. Null if it is healthy, otherwise one
 * line with the reason. Retries refused connections for {@link STARTUP_TIMEOUT} ms in total; reports any
 * other failure at once.
 */
export async function checkHealth(
  listenAddresses: readonly ListenAddress[],
  tls: TlsMaterial | null,
  { startupTimeout = STARTUP_TIMEOUT, timeout = HEALTHCHECK_TIMEOUT }: Timeouts = {},
): Promise<string | null> {
  const addresses = listenAddresses.filter((address) => address.kind === "tcp");
  if (addresses.length === 0) return "the health check needs a TCP listen address";
  let pauses = Math.floor(startupTimeout / PAUSE);
  for (const address of addresses) {
    let failure = await failureAt(address, tls, timeout);
    while (failure?.isRefused && pauses-- > 0) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      failure = await failureAt(address, tls, timeout);
    }
    if (failure !== null) return `no healthy exporter at ${address.text}: ${failure.error}`;
  }
  return null;
}

/**
 * Null if the exporter is healthy. Does not verify the certificate, which is rarely valid for the loopback
 * address. If clients need a certificate, a completed or refused handshake counts as healthy. Uses
 * `node:http`, because `fetch` would use a proxy from the environment.
 */
async function failureAt(
  address: TcpAddress,
  tls: TlsMaterial | null,
  timeout: number,
): Promise<Failure | null> {
  const { get } = tls === null ? await import("node:http") : await import("node:https");
  const { promise, resolve } = Promise.withResolvers<Failure | null>();
  const fail = (error: string, isRefused = false): void => resolve({ error, isRefused });
  const options = {
    host: loopbackOf(address),
    port: address.port,
    path: HEALTH_PATHS[0],
    agent: false,
    // Given authorities, the runtime does not read those of the system, which its permissions deny.
    ...(tls === null ? {} : { rejectUnauthorized: false, ca: tls.cert }),
  } as const;
  const request = get(options, (response) => {
    const { statusCode } = response;
    response.resume();
    response.on(
      "end",
      () => ALIVE.includes(statusCode) ? resolve(null) : fail(`status ${statusCode}`),
    );
    response.on("error", (error) => fail(error.message));
  });
  let canRefuse = false;
  if (tls?.clientAuth.startsWith("Require")) {
    request.once("socket", (socket) => {
      socket.once("secureConnect", () => resolve(null));
      // Before TLS 1.3, the handshake of a client without a certificate is refused.
      socket.once("connect", () => canRefuse = tls.maxVersion === "TLSv1.2");
    });
  }
  request.on("error", (error) => canRefuse ? resolve(null) : fail(error.message, isRefusal(error)));
  const timer = setTimeout(() => fail(`no answer in ${timeout} ms`), timeout);
  const failure = await promise;
  clearTimeout(timer);
  request.destroy();
  return failure;
}

function isRefusal(error: Error): boolean {
  return "code" in error && error.code === "ECONNREFUSED";
}
