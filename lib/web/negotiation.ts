// @ts-types="../declarations/std_http_negotiation.d.ts"
import { accepts, acceptsEncodings } from "@std/http/negotiation";
import type { Format } from "../metrics/text_format.ts";

/** The media types of the formats; the first one is preferred if both have the same quality. */
const OFFERS: readonly (readonly [string, Format])[] = [
  ["text/plain;version=0.0.4", "text"],
  ["application/openmetrics-text;version=1.0.0", "openmetrics"],
];

/** Parameters of a media type that make no difference here. */
const IGNORED = /;\s*(?:escaping|charset)=[\w-]+/gi;

/** How many headers are cached, and up to which length. Each scraper always sends the same one. */
const MAX_CACHED = 16;
const MAX_LENGTH = 1_024;

/** The format for a client. Text if it accepts neither format, as in client_golang. */
export function formatFor(headers: Pick<Headers, "get">): Format {
  const accept = headers.get("accept");
  return accept === null ? "text" : formatOf(accept);
}

/** Whether a client accepts gzip. Without the header it does not. */
export function wantsGzip(headers: Pick<Headers, "get">): boolean {
  const encodings = headers.get("accept-encoding") ?? "";
  return encodings !== "" && isGzipBest(encodings);
}

const formatOf = cached((text): Format => {
  const accept = text.replaceAll(IGNORED, "");
  const best = accepts({ headers: new Headers({ accept }) }, ...OFFERS.map(([type]) => type));
  return OFFERS.find(([type]) => type === best)?.[1] ?? "text";
});

const isGzipBest = cached((encodings) => {
  const headers = new Headers({ "accept-encoding": encodings });
  return acceptsEncodings({ headers }, "gzip", "identity") === "gzip";
});

/** Caches the results for the first few short headers. */
function cached<T>(answer: (header: string) => T): (header: string) => T {
  const known = new Map<string, T>();
  return (header) => {
    const found = known.get(header);
    if (found !== undefined) return found;
    const value = answer(header);
    if (known.size < MAX_CACHED && header.length <= MAX_LENGTH) known.set(header, value);
    return value;
  };
}
