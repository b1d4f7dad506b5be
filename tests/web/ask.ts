import { type Handler, type HttpRequest, pathOf } from "../../lib/web/http.ts";

/** A request as it differs from a GET without headers; header names in lower case. */
export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A response with its body as one text. */
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** A request for a target, as the server makes one from what came over the wire. */
export function requestFor(
  target: string,
  { method = "GET", headers = {} }: Asked = {},
): HttpRequest {
  return { method, path: pathOf(target), header: (name) => headers[name] };
}

/** Asks a handler without a socket. */
export async function ask(handler: Handler, target: string, asked: Asked = {}): Promise<Answered> {
  const { status, headers, body } = await handler(requestFor(target, asked));
  const bytes = await new Blob(body.map((part) => Uint8Array.from(part))).bytes();
  return { status, headers, text: new TextDecoder().decode(bytes) };
}
