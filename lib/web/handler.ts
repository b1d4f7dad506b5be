import { HEALTH_PATHS } from "../config.ts";
import { MEDIA_TYPES } from "../text_format.ts";
import type { Wanted } from "../scraper.ts";
import { type Handler, type HttpRequest, type HttpResponse, plainResponse } from "./http.ts";
import { formatFor, wantsGzip } from "./negotiation.ts";
import { contentSecurityPolicy } from "./page.ts";

/** What the handler serves. */
export interface HandlerOptions {
  readonly telemetryPath: string;
  /** The exposition now, in parts. */
  readonly scrape: (wanted: Wanted) => Promise<readonly Uint8Array[]>;
  /** The first page now; not served when the metrics are at `/`. */
  readonly page: () => Promise<string>;
  /** How many scrapes and pages are answered at a time; 0 for no limit. */
  readonly maxRequests: number;
  /** Whether the sources were looked at for the first time. */
  readonly isReady: () => boolean;
}

const ALLOWED_METHODS: readonly string[] = ["GET", "HEAD"];

/** The function from request to response: 404 for another path, 405 for another method than GET and HEAD. */
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
  const answers = new Map<string, (request: HttpRequest) => HttpResponse | Promise<HttpResponse>>([
    ["/", limited(async () => await pageResponse(await options.page()))],
    [healthy, () => plainResponse(200, "Healthy")],
    [ready, () => options.isReady() ? plainResponse(200, "Ready") : plainResponse(503, "Starting")],
    [options.telemetryPath, limited((request) => exposition(request, options.scrape))],
  ]);
  return async (request) => {
    const answer = answers.get(request.path);
    if (answer === undefined) return plainResponse(404, "Not found");
    if (!ALLOWED_METHODS.includes(request.method)) {
      return plainResponse(405, "Method not allowed", { allow: ALLOWED_METHODS.join(", ") });
    }
    return await answer(request);
  };
}

async function exposition(
  request: HttpRequest,
  scrape: HandlerOptions["scrape"],
): Promise<HttpResponse> {
  const wanted = { format: formatFor(request), isCompressed: wantsGzip(request) };
  const headers = {
    "content-type": MEDIA_TYPES[wanted.format],
    "vary": "Accept, Accept-Encoding",
    "x-content-type-options": "nosniff",
    ...(wanted.isCompressed ? { "content-encoding": "gzip" } : {}),
  };
  return { status: 200, headers, body: await scrape(wanted) };
}

async function pageResponse(html: string): Promise<HttpResponse> {
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": await contentSecurityPolicy(),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
  };
  return { status: 200, headers, body: [new TextEncoder().encode(html)] };
}
