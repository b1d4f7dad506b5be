import { HEALTH_PATHS } from "../cli/config.ts";
import { PASSED, type Result } from "../result.ts";
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
  readonly reason: string;
  /** Whether the connection was refused: the exporter does not listen yet. */
  readonly isRefused: boolean;
}

/** The timeouts of {@link checkHealth}, in milliseconds. */
interface Timeouts {
  readonly startupTimeout?: number;
  readonly timeout?: number;
}

/**
 * Checks the exporter at each TCP address, with TLS if `tls` is given. Retries refused connections for
 * {@link STARTUP_TIMEOUT} ms in total; reports any other failure at once.
 */
export async function checkHealth(
  listenAddresses: readonly ListenAddress[],
  tls: TlsMaterial | null,
  { startupTimeout = STARTUP_TIMEOUT, timeout = HEALTHCHECK_TIMEOUT }: Timeouts = {},
): Promise<Result<undefined>> {
  const addresses = listenAddresses.filter((address) => address.kind === "tcp");
  if (addresses.length === 0) {
    return { ok: false, error: "the health check needs a TCP listen address" };
  }
  let pauses = Math.floor(startupTimeout / PAUSE);
  for (const address of addresses) {
    let checked = await check(address, tls, timeout);
    while (!checked.ok && checked.error.isRefused && pauses-- > 0) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      checked = await check(address, tls, timeout);
    }
    if (!checked.ok) {
      return {
        ok: false,
        error: `no healthy exporter at ${address.text}: ${checked.error.reason}`,
      };
    }
  }
  return PASSED;
}

/**
 * Checks the exporter at one address. Does not verify the certificate, which is rarely valid for the loopback
 * address. If clients need a certificate, a completed or refused handshake counts as healthy. Uses
 * `node:http`, because `fetch` would use a proxy from the environment.
 */
async function check(
  address: TcpAddress,
  tls: TlsMaterial | null,
  timeout: number,
): Promise<Result<undefined, Failure>> {
  const { get } = tls === null ? await import("node:http") : await import("node:https");
  const { promise, resolve } = Promise.withResolvers<Result<undefined, Failure>>();
  const pass = (): void => resolve(PASSED);
  const fail = (reason: string, isRefused = false): void =>
    resolve({ ok: false, error: { reason, isRefused } });
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
      () => ALIVE.includes(statusCode) ? pass() : fail(`status ${statusCode}`),
    );
    response.on("error", (error) => fail(error.message));
  });
  let canRefuse = false;
  if (tls?.clientAuth.startsWith("Require")) {
    request.once("socket", (socket) => {
      socket.once("secureConnect", pass);
      // Before TLS 1.3, the handshake of a client without a certificate is refused.
      socket.once("connect", () => canRefuse = tls.maxVersion === "TLSv1.2");
    });
  }
  request.on("error", (error) => canRefuse ? pass() : fail(error.message, isRefusal(error)));
  const timer = setTimeout(() => fail(`no response in ${timeout} ms`), timeout);
  const checked = await promise;
  clearTimeout(timer);
  request.destroy();
  return checked;
}

function isRefusal(error: Error): boolean {
  return "code" in error && error.code === "ECONNREFUSED";
}
