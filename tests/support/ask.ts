import type { Handler, HttpRequest } from "../../lib/web/http.ts";

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

/** A request for a target, as the server makes it. */
export function requestFor(
  target: string,
  { method = "GET", headers = {} }: Asked = {},
): HttpRequest {
  return { method, url: `http://localhost${target}`, headers: new Headers(headers) };
}

/** Calls a handler without a socket. */
export async function ask(handler: Handler, target: string, asked: Asked = {}): Promise<Answered> {
  const response = await handler(requestFor(target, asked));
  const { status } = response;
  const headers = Object.fromEntries(response.headers);
  return { status, headers, text: await response.text() };
}
