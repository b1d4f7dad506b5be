import { HEALTH_PATHS } from "../config.ts";
import type { TlsMaterial } from "../source_web_config.ts";
import { type ListenAddress, loopbackOf, type TcpAddress } from "./listen_address.ts";

/** How long an exporter may take to answer, in milliseconds. */
export const HEALTHCHECK_TIMEOUT = 3_000;

/** Statuses of an exporter that answers: the last two are of its door, which lets nobody in unknown or too often. */
const ALIVE: readonly unknown[] = [200, 401, 429];

/**
 * Asks the exporter at each of its addresses, with TLS where it has that, whether it is healthy. Null when
 * it is, otherwise one line that says what happened.
 */
export async function checkHealth(
  listenAddresses: readonly ListenAddress[],
  tls: TlsMaterial | null,
): Promise<string | null> {
  const addresses = listenAddresses.filter((address) => address.kind === "tcp");
  if (addresses.length === 0) return "only an exporter that listens on a network can be asked";
  for (const address of addresses) {
    const error = await errorAt(address, tls);
    if (error !== null) return `no healthy exporter at ${address.text}: ${error}`;
  }
  return null;
}

/**
 * What happened at an address where nobody healthy answers. The certificate is not verified, since it is
 * hardly made for the loopback. Where clients have to show one, a finished or refused handshake is all that
 * can be asked for. `node:http` and not `fetch`, which would go through a proxy of the environment.
 */
async function errorAt(address: TcpAddress, tls: TlsMaterial | null): Promise<string | null> {
  const { get } = tls === null ? await import("node:http") : await import("node:https");
  const { promise, resolve } = Promise.withResolvers<string | null>();
  const options = {
    host: loopbackOf(address),
    port: address.port,
    path: HEALTH_PATHS[0],
    agent: false,
    timeout: HEALTHCHECK_TIMEOUT,
    // With authorities of our own the runtime does not look for those of the system, which it may not.
    ...(tls === null ? {} : { rejectUnauthorized: false, ca: tls.cert }),
  } as const;
  const request = get(options, (response) => {
    response.resume();
    resolve(ALIVE.includes(response.statusCode) ? null : `status ${response.statusCode}`);
  });
  let canRefuse = false;
  if (tls?.clientAuth.startsWith("Require")) {
    request.once("socket", (socket) => {
      socket.once("secureConnect", () => resolve(null));
      // Before TLS 1.3 the handshake is not finished for who shows no certificate; it is refused.
      socket.once("connect", () => canRefuse = tls.maxVersion === "TLSv1.2");
    });
  }
  request.on("timeout", () => resolve(`no answer in ${HEALTHCHECK_TIMEOUT} ms`));
  request.on("error", (error) => resolve(canRefuse ? null : error.message));
  const error = await promise;
  request.destroy();
  return error;
}
