import { HEALTH_PATHS } from "../cli/config.ts";
import type { TlsMaterial } from "../web_config/loader.ts";
import { type ListenAddress, loopbackOf, type TcpAddress } from "../cli/listen_address.ts";

/** How long an exporter may take to connect and answer, in milliseconds. */
export const HEALTHCHECK_TIMEOUT = 3_000;

/**
 * How long a port that is not open yet is waited for, in milliseconds. A service that was just started
 * opens it when its runtime has loaded.
 */
export const STARTUP_TIMEOUT = 5_000;

/** The time between two attempts at a port that is not open, in milliseconds. */
const PAUSE = 100;

/** Statuses of an exporter that answers: the last two are of its security, which lets nobody in unknown or too often. */
const ALIVE: readonly unknown[] = [200, 401, 429];

/** What happened at an address where nobody healthy answers. */
interface Failure {
  readonly error: string;
  /** Whether the connection was refused, as it is until an exporter listens. */
  readonly isRefused: boolean;
}

/** How long {@link checkHealth} waits. */
interface Patience {
  readonly startupTimeout?: number;
  readonly timeout?: number;
}

/**
 * Asks the exporter at each of its addresses, with TLS where it has that, whether it is healthy. Null when
 * it is, otherwise one line that says what happened. A refused connection is tried again for
 * {@link STARTUP_TIMEOUT} ms in all; any other failure is reported at once.
 */
export async function checkHealth(
  listenAddresses: readonly ListenAddress[],
  tls: TlsMaterial | null,
  { startupTimeout = STARTUP_TIMEOUT, timeout = HEALTHCHECK_TIMEOUT }: Patience = {},
): Promise<string | null> {
  const addresses = listenAddresses.filter((address) => address.kind === "tcp");
  if (addresses.length === 0) return "only an exporter that listens on a network can be asked";
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
 * Null where somebody healthy answers. The certificate is not verified, since it is hardly made for the
 * loopback. Where clients have to show one, a finished or refused handshake is all that can be asked for.
 * `node:http` and not `fetch`, which would go through a proxy of the environment.
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
    // With authorities of our own the runtime does not look for those of the system, which it may not.
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
      // Before TLS 1.3 the handshake is not finished for who shows no certificate; it is refused.
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
