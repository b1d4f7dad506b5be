// @ts-types="./declarations/std_http_negotiation.d.ts"
import { accepts, acceptsEncodings } from "@std/http/negotiation";
import type { Format } from "./text_format.ts";

/** What the formats are called in an Accept header, the one to prefer among equals first. */
const OFFERS: readonly (readonly [string, Format])[] = [
  ["text/plain;version=0.0.4", "text"],
  ["application/openmetrics-text;version=1.0.0", "openmetrics"],
];

/** Prometheus 3 adds to each type which names of metrics it takes; ours are fine for all. */
const ESCAPING = /;\s*escaping=[\w-]+/gi;

/** The format that a client asks for. A client that asks for none of ours gets the text, as from client_golang. */
export function formatFor({ headers }: { readonly headers: Headers }): Format {
  const accept = headers.get("accept")?.replaceAll(ESCAPING, "");
  if (accept === undefined) return "text";
  const best = accepts({ headers: new Headers({ accept }) }, ...OFFERS.map(([type]) => type));
  return OFFERS.find(([type]) => type === best)?.[1] ?? "text";
}

/** Whether a client asks for gzip. One that does not say gets none. */
export function wantsGzip(request: { readonly headers: Headers }): boolean {
  const isSaid = (request.headers.get("accept-encoding") ?? "") !== "";
  return isSaid && acceptsEncodings(request, "gzip", "identity") === "gzip";
}
