// @ts-types="../declarations/std_http_negotiation.d.ts"
import { accepts, acceptsEncodings } from "@std/http/negotiation";
import type { Format } from "../text_format.ts";

/** What the formats are called in an Accept header, the one to prefer among equals first. */
const OFFERS: readonly (readonly [string, Format])[] = [
  ["text/plain;version=0.0.4", "text"],
  ["application/openmetrics-text;version=1.0.0", "openmetrics"],
];

/** Which names of metrics and which charset a client takes besides; ours are fine for all. */
const BESIDES = /;\s*(?:escaping|charset)=[\w-]+/gi;

/** The format that a client asks for. A client that asks for none of ours gets the text, as from client_golang. */
export function formatFor(headers: Pick<Headers, "get">): Format {
  const accept = headers.get("accept")?.replaceAll(BESIDES, "");
  if (accept === undefined) return "text";
  const best = accepts({ headers: new Headers({ accept }) }, ...OFFERS.map(([type]) => type));
  return OFFERS.find(([type]) => type === best)?.[1] ?? "text";
}

/** Whether a client asks for gzip. One that does not say gets none. */
export function wantsGzip(headers: Pick<Headers, "get">): boolean {
  const encodings = headers.get("accept-encoding") ?? "";
  if (encodings === "") return false;
  const asked = { headers: new Headers({ "accept-encoding": encodings }) };
  return acceptsEncodings(asked, "gzip", "identity") === "gzip";
}
