import { get as request, type IncomingHttpHeaders } from "node:http";
import { gunzipSync } from "node:zlib";
import { within } from "./wait.ts";

/** An answer as an HTTP client sees it. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The text of the body, uncompressed. */
  readonly body: string;
}

/**
 * Gets a URL over a connection of its own. `node:http` and not `fetch`, which would go through a proxy of
 * the environment, and asks for gzip unasked.
 */
export async function get(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const sent = request(url, { agent: false, headers }, (response) => {
    const chunks: Uint8Array[] = [];
    response.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    response.on("error", reject);
    response.on("end", async () => {
      const bytes = await new Blob(chunks.map((chunk) => Uint8Array.from(chunk))).bytes();
      const isCompressed = response.headers["content-encoding"] === "gzip";
      const body = new TextDecoder().decode(isCompressed ? gunzipSync(bytes) : bytes);
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
    });
  });
  sent.on("error", reject);
  try {
    return await within(`an answer from ${url}`, promise);
  } finally {
    sent.destroy();
  }
}
