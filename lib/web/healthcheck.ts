import { get } from "node:http";
import { HEALTH_PATHS } from "../config.ts";
import { type ListenAddress, loopbackOf } from "./listen_address.ts";

/** How long an exporter may take to answer, in milliseconds. */
export const HEALTHCHECK_TIMEOUT = 3_000;

/**
 * Asks the exporter at the address whether it is healthy. Null when it is, otherwise what happened.
 * `node:http` and not `fetch`, which would go through a proxy of the environment.
 */
export function checkHealth(address: ListenAddress): Promise<string | null> {
  const { promise, resolve } = Promise.withResolvers<string | null>();
  const [path] = HEALTH_PATHS;
  const options = { host: loopbackOf(address), port: address.port, path, agent: false } as const;
  const request = get({ ...options, timeout: HEALTHCHECK_TIMEOUT }, (response) => {
    response.resume();
    resolve(response.statusCode === 200 ? null : `status ${response.statusCode}`);
  });
  request.on("timeout", () => {
    resolve(`no answer in ${HEALTHCHECK_TIMEOUT} ms`);
    request.destroy();
  });
  request.on("error", (error) => resolve(error.message));
  return promise;
}
