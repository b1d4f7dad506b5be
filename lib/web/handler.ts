import { HEALTH_PATHS } from "../cli/config.ts";
import type { Body } from "../metrics/kept_text.ts";
import type { ExpositionRequest } from "../collector/scraper.ts";
import { MEDIA_TYPES } from "../metrics/text_format.ts";
import { type Handler, type HttpRequest, pathOf, plainResponse } from "./http.ts";
import { formatFor, wantsGzip } from "./negotiation.ts";
import { streamedBody } from "./streamed_body.ts";

/** The page at `/`, with its Content-Security-Policy. */
export interface Page {
  readonly html: string;
  readonly policy: string;
}

/** What the handler serves. */
export interface HandlerOptions {
  readonly telemetryPath: string;
  /** Collects and renders the exposition. */
  readonly scrape: (wanted: ExpositionRequest) => Promise<Body>;
  /** Creates the page at `/`; not served if the metrics are at `/`. */
  readonly page: () => Promise<Page>;
  /** The maximum number of scrapes and pages at a time; 0 means no limit. */
  readonly maxRequests: number;
  /** Whether the sources have been read once. */
  readonly isReady: () => boolean;
}

const ALLOWED_METHODS: readonly string[] = ["GET", "HEAD"];

/** Creates the handler: 404 for unknown paths, 405 for methods other than GET and HEAD. */
export function createHandler(options: HandlerOptions): Handler {
  const [healthy, ready] = HEALTH_PATHS;
  let running = 0;
  const limited = (answer: Handler): Handler => async (request) => {
    if (options.maxRequests > 0 && running >= options.maxRequests) {
      return plainResponse(503, "Too many requests at a time");
    }
    running++;
    try {
      return await answer(request);
    } finally {
      running--;
    }
  };
  const answers = new Map<string, Handler>([
    ["/", limited(async () => pageResponse(await options.page()))],
    [healthy, () => plainResponse(200, "Healthy")],
    [ready, () => options.isReady() ? plainResponse(200, "Ready") : plainResponse(503, "Starting")],
    [options.telemetryPath, limited((request) => exposition(request, options.scrape))],
  ]);
  return (request) => {
    const answer = answers.get(pathOf(request));
    if (answer === undefined) return plainResponse(404, "Not found");
    if (!ALLOWED_METHODS.includes(request.method)) {
      return plainResponse(405, "Method not allowed", { allow: ALLOWED_METHODS.join(", ") });
    }
    return answer(request);
  };
}

/** Larger responses are streamed in parts. In bytes. */
export const LARGE = 64 * 1024;

/** The headers of every exposition. */
const HEADERS = { "vary": "Accept, Accept-Encoding", "x-content-type-options": "nosniff" };

async function exposition(
  { headers: asked }: HttpRequest,
  scrape: HandlerOptions["scrape"],
): Promise<Response> {
  const format = formatFor(asked);
  const isCompressed = wantsGzip(asked);
  const body = await scrape({ format, isCompressed });
  const type = { "content-type": MEDIA_TYPES[format] };
  const headers = isCompressed
    ? { ...type, "content-encoding": "gzip", ...HEADERS }
    : { ...type, ...HEADERS };
  if (typeof body === "string") return new Response(body, { headers });
  const length = body.reduce((sum, part) => sum + part.length, 0);
  if (length < LARGE) return new Response(joined(body, length), { headers });
  return new Response(streamedBody(body), {
    headers: { ...headers, "content-length": String(length) },
  });
}

function joined(parts: Exclude<Body, string>, length: number): Uint8Array<ArrayBuffer> {
  const [first] = parts;
  if (first?.length === length) return first;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function pageResponse({ html, policy }: Page): Response {
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": policy,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
  };
  return new Response(html, { headers });
}
