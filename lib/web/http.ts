/** A request as the program looks at it: it reads no body. */
export interface HttpRequest {
  readonly method: string;
  /** What the target names on this server, without query. */
  readonly path: string;
  /** The value of a header by its name in lower case, several values joined by commas. */
  readonly header: (name: string) => string | undefined;
}

/** An answer. The parts of its body are sent one after the other; several answers may share them. */
export interface HttpResponse {
  readonly status: number;
  /** By their names in lower case, without content-length. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: readonly Uint8Array[];
}

/** Answers a request. */
export type Handler = (request: HttpRequest) => Promise<HttpResponse>;

const ENCODER = new TextEncoder();

/** An answer of plain text, in one line. */
export function plainResponse(
  status: number,
  line: string,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  const type = { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" };
  return { status, headers: { ...type, ...headers }, body: [ENCODER.encode(`${line}\n`)] };
}

/** The path of a request target (RFC 9112, section 3.2): without scheme, authority, query. */
export function pathOf(target: string): string {
  return target.replace(/^[a-z]+:\/\/[^/?#]*/i, "").split(/[?#]/, 1)[0] ?? "";
}
