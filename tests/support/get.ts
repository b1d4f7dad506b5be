import { get as getHttp, type IncomingHttpHeaders } from "node:http";
import { get as getHttps, type RequestOptions } from "node:https";
import { TLSSocket } from "node:tls";
import { gunzipSync } from "node:zlib";
import { within } from "./wait.ts";

/** An answer as an HTTP client sees it. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The text of the body, uncompressed. */
  readonly body: string;
  /** SHA-256 of the certificate of the server; empty without TLS. */
  readonly fingerprint: string;
}

/**
 * Gets a URL over a connection of its own. `node:http` and not `fetch`, which uses a proxy of the environment
 * and always requests gzip.
 */
export async function get(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  options: Pick<RequestOptions, "ca" | "auth" | "socketPath"> = {},
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const request = url.startsWith("https:") ? getHttps : getHttp;
  const sent = request(url, { agent: false, headers, ...options }, async (response) => {
    const { statusCode: status = 0, headers, socket } = response;
    const peer = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
    try {
      const chunks = await Array.fromAsync<Uint8Array>(response);
      const bytes = await new Blob(chunks.map((chunk) => Uint8Array.from(chunk))).bytes();
      const isCompressed = headers["content-encoding"] === "gzip";
      const body = new TextDecoder().decode(isCompressed ? gunzipSync(bytes) : bytes);
      resolve({ status, headers, body, fingerprint: peer?.fingerprint256 ?? "" });
    } catch (error) {
      reject(error);
    }
  });
  sent.on("error", reject);
  try {
    return await within(`an answer from ${url}`, promise);
  } finally {
    sent.destroy();
  }
}
