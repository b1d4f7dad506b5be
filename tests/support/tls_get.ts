import { get as request, type RequestOptions } from "node:https";
import { TLSSocket } from "node:tls";
import { within } from "./wait.ts";

/** An answer over TLS, with the certificate that the server showed for it. */
export interface TlsAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
  /** SHA-256 of the certificate. */
  readonly fingerprint: string;
}

/** Gets a path of the server on a port of the loopback, over a connection of its own; rejects where it cannot. */
export async function tlsGet(
  port: number,
  options: Pick<RequestOptions, "ca" | "cert" | "key" | "path" | "auth">,
): Promise<TlsAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<TlsAnswer>();
  const address = { host: "127.0.0.1", port, servername: "localhost", agent: false };
  const sent = request({ path: "/metrics", ...address, ...options }, async (response) => {
    const { socket } = response;
    const shown = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
    const fingerprint = shown?.fingerprint256 ?? "";
    const { statusCode: status = 0, headers } = response;
    try {
      const chunks = await Array.fromAsync<Uint8Array>(response);
      const body = await new Blob(chunks.map((chunk) => Uint8Array.from(chunk))).text();
      resolve({ status, headers, body, fingerprint });
    } catch (error) {
      reject(error);
    }
  });
  sent.on("error", reject);
  try {
    return await within("an answer over TLS", promise);
  } finally {
    sent.destroy();
  }
}
