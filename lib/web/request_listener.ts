import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Log } from "../log.ts";
import type { Connections } from "./connections.ts";
import { type Handler, type HttpResponse, pathOf, plainResponse } from "./http.ts";

/** How long a client may take to read an answer, in milliseconds from when it is sent. */
export const RESPONSE_TIMEOUT = 30_000;

/** What node:http calls for each request: asks the handler and sends its answer. */
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
    // No request needs a body. To read one, however long, only to get at the next request would be work and
    // memory for whoever asks for it.
    if (isWithBody) outgoing.setHeader("connection", "close");
    else incoming.resume();
    const response = await responseTo(incoming, handler, log);
    if (outgoing.destroyed) return;
    const timer = setTimeout(() => socket.destroy(), responseTimeout);
    outgoing.once("close", () => clearTimeout(timer));
    send(outgoing, response);
  };
}

function hasBody({ headers }: IncomingMessage): boolean {
  return "transfer-encoding" in headers || (headers["content-length"] ?? "0") !== "0";
}

async function responseTo(
  { method = "GET", url = "", headers }: IncomingMessage,
  handler: Handler,
  log: Log,
): Promise<HttpResponse> {
  const header = (name: string): string | undefined => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(", ") : value;
  };
  try {
    return await handler({ method, path: pathOf(url), header });
  } catch (error) {
    log.error("a request failed", { error: String(error) });
    return plainResponse(500, "Internal error");
  }
}

function send(outgoing: ServerResponse, { status, headers, body }: HttpResponse): void {
  const length = body.reduce((sum, part) => sum + part.length, 0);
  outgoing.writeHead(status, { ...headers, "content-length": length });
  for (const part of body) outgoing.write(part);
  outgoing.end();
}
