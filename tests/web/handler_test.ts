import { createHandler, LARGE } from "../../lib/web/handler.ts";
import type { Handler } from "../../lib/web/http.ts";
import type { Body } from "../../lib/metrics/kept_text.ts";
import type { ExpositionRequest } from "../../lib/collector/scraper.ts";
import { MEDIA_TYPES } from "../../lib/metrics/text_format.ts";
import { assertEquals } from "../support/assert.ts";
import { ask } from "../support/ask.ts";

const POLICY = "default-src 'none'";
const TEXT_FORMAT = MEDIA_TYPES.text;
const PLAIN = "text/plain; charset=utf-8";
const HTML = "text/html; charset=utf-8";

/** What differs from a ready exporter with the metrics at `/metrics`. */
interface Settings {
  readonly telemetryPath?: string;
  readonly maxRequests?: number;
  readonly isReady?: boolean;
  readonly scrape?: (wanted: ExpositionRequest) => Promise<Body>;
}

function handlerWith(
  { telemetryPath = "/metrics", maxRequests = 2, isReady = true, scrape }: Settings = {},
): Handler {
  return createHandler({
    ...{ telemetryPath, maxRequests, isReady: () => isReady },
    scrape: scrape ?? (() => Promise.resolve("metrics\n")),
    page: () => Promise.resolve({ html: "page\n", policy: POLICY }),
  });
}

for (
  const [method, path, telemetryPath, status, type, body] of [
    ["GET", "/metrics", "/metrics", 200, TEXT_FORMAT, "metrics\n"],
    ["GET", "/metrics?x=/", "/metrics", 200, TEXT_FORMAT, "metrics\n"],
    ["HEAD", "/metrics", "/metrics", 200, TEXT_FORMAT, "metrics\n"],
    ["GET", "/", "/metrics", 200, HTML, "page\n"],
    ["GET", "/", "/", 200, TEXT_FORMAT, "metrics\n"],
    ["GET", "/metrics", "/", 404, PLAIN, "Not found\n"],
    ["GET", "/a/b", "/a/b", 200, TEXT_FORMAT, "metrics\n"],
    ["GET", "/-/healthy", "/metrics", 200, PLAIN, "Healthy\n"],
    ["GET", "/-/ready", "/metrics", 200, PLAIN, "Ready\n"],
    ["GET", "/metrics/", "/metrics", 404, PLAIN, "Not found\n"],
    ["GET", "/favicon.ico", "/metrics", 404, PLAIN, "Not found\n"],
    ["POST", "/nothing", "/metrics", 404, PLAIN, "Not found\n"],
    ["POST", "/metrics", "/metrics", 405, PLAIN, "Method not allowed\n"],
    ["DELETE", "/", "/metrics", 405, PLAIN, "Method not allowed\n"],
    ["OPTIONS", "/-/healthy", "/metrics", 405, PLAIN, "Method not allowed\n"],
  ] as const
) {
  Deno.test(`${method} ${path} with the metrics at ${telemetryPath}: ${status}`, async () => {
    const { headers, ...answer } = await ask(handlerWith({ telemetryPath }), path, { method });
    assertEquals(
      [answer.status, headers["content-type"], headers["x-content-type-options"], answer.text],
      [status, type, "nosniff", body],
    );
    assertEquals(headers["allow"], status === 405 ? "GET, HEAD" : undefined);
  });
}

Deno.test("before the sources are read, the exporter is healthy but not ready", async () => {
  const handler = handlerWith({ isReady: false });
  assertEquals((await ask(handler, "/-/healthy")).status, 200);
  const { status, text } = await ask(handler, "/-/ready");
  assertEquals([status, text], [503, "Starting\n"]);
});

const OPENMETRICS = { accept: "application/openmetrics-text", "accept-encoding": "gzip" };

for (
  const [headers, wanted, encoding] of [
    [{}, { format: "text", isCompressed: false }, undefined],
    [OPENMETRICS, { format: "openmetrics", isCompressed: true }, "gzip"],
  ] as const
) {
  Deno.test(`a scrape with ${JSON.stringify(headers)} has the right media type and encoding`, async () => {
    const asked: ExpositionRequest[] = [];
    const scrape = (wanted: ExpositionRequest): Promise<Body> => {
      asked.push(wanted);
      return Promise.resolve("");
    };
    const response = await ask(handlerWith({ scrape }), "/metrics", { headers });
    assertEquals(response.headers["content-type"], MEDIA_TYPES[wanted.format]);
    assertEquals(response.headers["content-encoding"], encoding);
    assertEquals(response.headers["vary"], "Accept, Accept-Encoding");
    assertEquals(asked, [wanted]);
  });
}

for (const length of [LARGE - 1, LARGE, 3 * LARGE]) {
  Deno.test(`parts of ${length} bytes are one body with its length`, async () => {
    const bytes = Uint8Array.from({ length }, (_, i) => 97 + i % 26);
    const body = [bytes.subarray(0, 5), new Uint8Array(), bytes.subarray(5)];
    const handler = handlerWith({ scrape: () => Promise.resolve(body) });
    const { headers, text } = await ask(handler, "/metrics");
    assertEquals(text, new TextDecoder().decode(bytes));
    assertEquals(headers["content-length"], length < LARGE ? undefined : String(length));
  });
}

for (const [maxRequests, third] of [[2, 503], [3, 200], [0, 200]] as const) {
  Deno.test(`the third scrape at a time with --web.max-requests=${maxRequests}: ${third}`, async () => {
    const { promise, resolve } = Promise.withResolvers<Body>();
    const handler = handlerWith({ maxRequests, scrape: () => promise });
    const statusAt = async (path: string): Promise<number> => (await ask(handler, path)).status;
    const scrapes = ["/metrics", "/metrics", "/metrics"].map(statusAt);
    assertEquals(await statusAt("/-/healthy"), 200);
    resolve("");
    assertEquals(await Promise.all(scrapes), [200, 200, third]);
    assertEquals(await statusAt("/metrics"), 200);
  });
}

Deno.test("the page has security headers; the metrics do not", async () => {
  const names = ["content-security-policy", "referrer-policy", "cache-control"];
  for (
    const [path, values] of [["/", [POLICY, "no-referrer", "no-store"]], ["/metrics", []]] as const
  ) {
    const { headers } = await ask(handlerWith(), path);
    assertEquals(names.flatMap((name) => headers[name] ?? []), [...values]);
  }
});
