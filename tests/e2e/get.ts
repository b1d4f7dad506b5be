import { get as request } from "node:http";
import { within } from "./wait.ts";

/** An answer as an HTTP client sees it. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/**
 * Gets a URL over a connection of its own. `node:http` and not `fetch`, which would go through a proxy of
 * the environment.
 */
export async function get(url: string): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const sent = request(url, { agent: false }, (response) => {
    const chunks: string[] = [];
    response.setEncoding("utf8");
    response.on("data", (chunk: string) => chunks.push(chunk));
    response.on("error", reject);
    response.on("end", () => resolve({ status: response.statusCode ?? 0, body: chunks.join("") }));
  });
  sent.on("error", reject);
  try {
    return await within(`an answer from ${url}`, promise);
  } finally {
    sent.destroy();
  }
}
