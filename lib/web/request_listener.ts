import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Log } from "../log.ts";
import type { Connections } from "./connections.ts";
import { type Handler, plainResponse } from "./http.ts";
import { RESPONSE_TIMEOUT } from "./streamed_body.ts";

/** The listener for node:http: calls the handler and sends its response. */
export function requestListener(
  handler: Handler,
  { connections, log, responseTimeout = RESPONSE_TIMEOUT }: {
    readonly connections: Connections;
    readonly log: Log;
    readonly responseTimeout?: number;
  },
): RequestListener {
  return async (incoming, outgoing) => {
    const { socket } = incoming;
    const finished = connections.begin(socket);
    if (finished === null) return;
    const isWithBody = hasBody(incoming);
    outgoing.once("close", () => {
      finished();
      if (isWithBody) socket.destroy();
    });
    // Do not read bodies, because an endless one would never stop. Close the connection instead.
    if (isWithBody) outgoing.setHeader("connection", "close");
    else incoming.resume();
    const response = await responseTo(incoming, handler, log);
    if (outgoing.destroyed) return;
    const timer = setTimeout(() => socket.destroy(), responseTimeout);
    outgoing.once("close", () => clearTimeout(timer));
    try {
      await send(outgoing, response);
    } catch {
      // The body was cut off because the client was too slow.
      socket.destroy();
    }
  };
}

function hasBody({ headers }: IncomingMessage): boolean {
  return "transfer-encoding" in headers || (headers["content-length"] ?? "0") !== "0";
}

async function responseTo(
  { method = "GET", url = "", headers }: IncomingMessage,
  handler: Handler,
  log: Log,
): Promise<Response> {
  const get = (name: string): string | null => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(", ") : value ?? null;
  };
  const asked = url.startsWith("/") ? `http://${headers.host ?? ""}${url}` : url;
  try {
    return await handler({ method, url: asked, headers: { get } });
  } catch (error) {
    log.error("request failed", { error: String(error) });
    return plainResponse(500, "Internal error");
  }
}

/** Sends a response. A response with a known length is large; its parts are sent as the client reads. */
async function send(outgoing: ServerResponse, response: Response): Promise<void> {
  const { status, body } = response;
  const headers = Object.fromEntries(response.headers);
  if (body === null || !("content-length" in headers)) {
    const bytes = new Uint8Array(await response.arrayBuffer());
    outgoing.writeHead(status, { ...headers, "content-length": bytes.length }).end(bytes);
    return;
  }
  outgoing.writeHead(status, headers);
  for await (const part of body) {
    if (outgoing.destroyed) return;
    if (!outgoing.write(part)) await drained(outgoing);
  }
  outgoing.end();
}

/** Resolves when more can be written, or when the connection is closed. */
function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      outgoing.off("drain", settle);
      outgoing.off("close", settle);
      resolve();
    };
    outgoing.on("drain", settle);
    outgoing.on("close", settle);
  });
}
