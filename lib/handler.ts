import { HEALTH_PATHS } from "./config.ts";
import { formatFor, wantsGzip } from "./negotiation.ts";
import { contentSecurityPolicy } from "./page.ts";
import type { Wanted } from "./scraper.ts";
import { MEDIA_TYPES } from "./text_format.ts";

/** What the handler serves. */
export interface HandlerOptions {
  readonly telemetryPath: string;
  /** The exposition now. */
  readonly scrape: (wanted: Wanted) => Promise<Uint8Array<ArrayBuffer>>;
  /** The first page now; not served when the metrics are at `/`. */
  readonly page: () => Promise<string>;
  /** How many scrapes are answered at a time; 0 for no limit. */
  readonly maxRequests: number;
  /** Whether the sources were looked at for the first time. */
  readonly isReady: () => boolean;
}

const PLAIN = "text/plain; charset=utf-8";
const ALLOWED_METHODS: readonly string[] = ["GET", "HEAD"];

/** Answers a request. */
export type Handler = (request: Request) => Promise<Response>;

/** The function from request to response: 404 for another path, 405 for another method than GET and HEAD. */
export function createHandler(options: HandlerOptions): Handler {
  const [healthy, ready] = HEALTH_PATHS;
  let scraping = 0;
  const limited = async (request: Request): Promise<Response> => {
    if (options.maxRequests > 0 && scraping >= options.maxRequests) {
      return answer("Too many scrapes at a time\n", { "content-type": PLAIN }, 503);
    }
    scraping++;
    try {
      return await exposition(request, options.scrape);
    } finally {
      scraping--;
    }
  };
  const answers = new Map<string, (request: Request) => Response | Promise<Response>>([
    ["/", async () => await pageAnswer(await options.page())],
    [healthy, () => answer("Healthy\n", { "content-type": PLAIN })],
    [ready, () => readiness(options.isReady())],
    [options.telemetryPath, limited],
  ]);
  return async (request) => {
    const serve = answers.get(pathOf(request));
    if (serve === undefined) return answer("Not found\n", { "content-type": PLAIN }, 404);
    if (!ALLOWED_METHODS.includes(request.method)) {
      const headers = { "content-type": PLAIN, allow: ALLOWED_METHODS.join(", ") };
      return answer("Method not allowed\n", headers, 405);
    }
    return await serve(request);
  };
}

async function exposition(
  request: Request,
  scrape: HandlerOptions["scrape"],
): Promise<Response> {
  const wanted = { format: formatFor(request), isCompressed: wantsGzip(request) };
  return answer(await scrape(wanted), {
    "content-type": MEDIA_TYPES[wanted.format],
    vary: "Accept, Accept-Encoding",
    ...(wanted.isCompressed ? { "content-encoding": "gzip" } : {}),
  });
}

async function pageAnswer(body: string): Promise<Response> {
  return answer(body, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": await contentSecurityPolicy(),
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
  });
}

function readiness(isReady: boolean): Response {
  const headers = { "content-type": PLAIN };
  return isReady ? answer("Ready\n", headers) : answer("Starting\n", headers, 503);
}

function answer(
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string>,
  status = 200,
): Response {
  return new Response(body, {
    status,
    headers: { "x-content-type-options": "nosniff", ...headers },
  });
}

/**
 * The path of a request, without query. Deno joins scheme, Host header and target to the URL as they
 * came, so a Host header with a slash, a question mark or nothing that a URL takes must not move it.
 */
function pathOf(request: Request): string {
  const prefix = `http://${request.headers.get("host") ?? ""}`;
  const target = prefix.length > "http://".length && request.url.startsWith(prefix)
    ? request.url.slice(prefix.length)
    : request.url.replace(/^[a-z]+:\/\/[^/?#]*/i, "");
  return target.split(/[?#]/, 1)[0] ?? "";
}
