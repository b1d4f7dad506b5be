/** The part of a `Request` that handlers use. The body is never read. */
export interface HttpRequest extends Pick<Request, "method" | "url"> {
  readonly headers: Pick<Headers, "get">;
}

/** Responds to a request. Also a handler for `Deno.serve`. */
export type Handler = (request: HttpRequest) => Response | Promise<Response>;

/** A response with one line of plain text. */
export function plainResponse(
  status: number,
  line: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const type = { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" };
  return new Response(`${line}\n`, { status, headers: { ...type, ...headers } });
}

/**
 * The path of a request as the client sent it, without query (RFC 9112, section 3.2). The URL of a request
 * starts with its Host header, which can be any text, and is not always a valid URL.
 */
export function pathOf({ url, headers }: Pick<HttpRequest, "url" | "headers">): string {
  const origin = `http://${headers.get("host") ?? ""}`;
  const target = url.startsWith(`${origin}/`)
    ? url.slice(origin.length)
    : url.replace(/^[a-z]+:\/\/[^/?#]*/i, "");
  const end = target.search(/[?#]/);
  return end === -1 ? target : target.slice(0, end);
}
