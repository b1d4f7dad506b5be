// @ts-types="../declarations/std_http_negotiation.d.ts"
import { accepts, acceptsEncodings } from "@std/http/negotiation";
import type { Format } from "../metrics/text_format.ts";

/** What the formats are called in an Accept header, the one to prefer among equals first. */
const OFFERS: readonly (readonly [string, Format])[] = [
  ["text/plain;version=0.0.4", "text"],
  ["application/openmetrics-text;version=1.0.0", "openmetrics"],
];

/** Which names of metrics and which charset a client takes besides; ours are fine for all. */
const BESIDES = /;\s*(?:escaping|charset)=[\w-]+/gi;

/** How many different headers are remembered, and up to which length: every scraper sends its own each time. */
const MAX_REMEMBERED = 16;
const MAX_LENGTH = 1_024;

/** The format that a client asks for. A client that asks for none of ours gets the text, as from client_golang. */
export function formatFor(headers: Pick<Headers, "get">): Format {
  const accept = headers.get("accept");
  return accept === null ? "text" : formatOf(accept);
}

/** Whether a client asks for gzip. One that does not say gets none. */
export function wantsGzip(headers: Pick<Headers, "get">): boolean {
  const encodings = headers.get("accept-encoding") ?? "";
  return encodings !== "" && isGzipBest(encodings);
}

const formatOf = remembered((text): Format => {
  const accept = text.replaceAll(BESIDES, "");
  const best = accepts({ headers: new Headers({ accept }) }, ...OFFERS.map(([type]) => type));
  return OFFERS.find(([type]) => type === best)?.[1] ?? "text";
});

const isGzipBest = remembered((encodings) => {
  const headers = new Headers({ "accept-encoding": encodings });
  return acceptsEncodings({ headers }, "gzip", "identity") === "gzip";
});

/** Remembers what a function gave for the first few short headers. */
function remembered<T>(answer: (header: string) => T): (header: string) => T {
  const known = new Map<string, T>();
  return (header) => {
    const found = known.get(header);
    if (found !== undefined) return found;
    const value = answer(header);
    if (known.size < MAX_REMEMBERED && header.length <= MAX_LENGTH) known.set(header, value);
    return value;
  };
}
