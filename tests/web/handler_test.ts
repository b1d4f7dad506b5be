import { createHandler, LARGE } from "../../lib/web/handler.ts";
import type { Handler } from "../../lib/web/http.ts";
import type { Body } from "../../lib/metrics/kept_text.ts";
import type { ExpositionRequest } from "../../lib/collector/scraper.ts";
import { MEDIA_TYPES } from "../../lib/metrics/text_format.ts";
import { assertEquals } from "../support/assert.ts";
import { type Answered, ask } from "../support/ask.ts";

const POLICY = "default-src 'none'";
const TEXT_FORMAT = MEDIA_TYPES.text;
const PLAIN = "text/plain; charset=utf-8";
const HTML = "text/html; charset=utf-8";

function handlerAt(
  telemetryPath: string,
  isReady = true,
  { asked = [], body = "metrics\n" }: {
    readonly asked?: ExpositionRequest[];
    readonly body?: Body;
  } = {},
): Handler {
  return createHandler({
    telemetryPath,
    scrape: (wanted) => {
      asked.push(wanted);
      return Promise.resolve(body);
    },
    page: () => Promise.resolve({ html: "page\n", policy: POLICY }),
    maxRequests: 2,
    isReady: () => isReady,
  });
}

for (
  const [method, path, telemetryPath, status, type, body] of [
    ["GET", "/metrics", "/metrics", 200, TEXT_FORMAT, "metrics\n"],
    ["GET", "/metrics?x=/", "/metrics", 200, TEXT_FORMAT, "metrics\n"],
    ["HEAD", "/metrics", "/metrics", 200, TEXT_FORMAT, "metrics\n"],
    ["GET", "/", "/metrics", 200, HTML, "page\n"],
    ["GET", "/?/metrics", "/metrics", 200, HTML, "page\n"],
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
    const { headers, ...answer } = await ask(handlerAt(telemetryPath), path, { method });
    assertEquals(
      [answer.status, headers["content-type"], headers["x-content-type-options"], answer.text],
      [status, type, "nosniff", body],
    );
    assertEquals(headers["allow"], status === 405 ? "GET, HEAD" : undefined);
  });
}

Deno.test("before the sources are read, the exporter is healthy but not ready", async () => {
  const handler = handlerAt("/metrics", false);
  const [healthy, ready] = await Promise.all([
    ask(handler, "/-/healthy"),
    ask(handler, "/-/ready"),
  ]);
  assertEquals([healthy.status, ready.status, ready.text], [200, 503, "Starting\n"]);
});

for (
  const [headers, wanted, type, encoding] of [
    [{}, { format: "text", isCompressed: false }, MEDIA_TYPES.text, undefined],
    [
      { accept: "application/openmetrics-text", "accept-encoding": "gzip" },
      { format: "openmetrics", isCompressed: true },
      MEDIA_TYPES.openmetrics,
      "gzip",
    ],
  ] as const
) {
  Deno.test(`a scrape with ${JSON.stringify(headers)} has the right media type and encoding`, async () => {
    const asked: ExpositionRequest[] = [];
    const response = await ask(handlerAt("/metrics", true, { asked }), "/metrics", { headers });
    const found = ["content-type", "content-encoding", "vary"].map((name) =>
      response.headers[name]
    );
    assertEquals(found, [type, encoding, "Accept, Accept-Encoding"]);
    assertEquals(asked, [wanted]);
  });
}

for (const length of [LARGE - 1, LARGE, 3 * LARGE]) {
  Deno.test(`parts of ${length} bytes are one body with its length`, async () => {
    const bytes = Uint8Array.from({ length }, (_, i) => 97 + i % 26);
    const body = [bytes.subarray(0, 5), new Uint8Array(), bytes.subarray(5)];
    const { headers, text } = await ask(handlerAt("/metrics", true, { body }), "/metrics");
    assertEquals(text, new TextDecoder().decode(bytes));
    assertEquals(headers["content-length"], length < LARGE ? undefined : String(length));
  });
}

for (
  const [maxRequests, statuses] of [[2, [200, 200, 503]], [3, [200, 200, 200]], [0, [
    200,
    200,
    200,
  ]]] as const
) {
  Deno.test(`three scrapes at a time with --web.max-requests=${maxRequests}: ${statuses}`, async () => {
    const { promise, resolve } = Promise.withResolvers<Body>();
    const handler = createHandler({
      telemetryPath: "/metrics",
      scrape: () => promise,
      page: () => Promise.resolve({ html: "", policy: POLICY }),
      maxRequests,
      isReady: () => true,
    });
    const scrape = (): Promise<Answered> => ask(handler, "/metrics");
    const answers = [scrape(), scrape(), scrape()];
    const health = await ask(handler, "/-/healthy");
    resolve("");
    assertEquals((await Promise.all(answers)).map(({ status }) => status), [...statuses]);
    assertEquals([health.status, (await scrape()).status], [200, 200]);
  });
}

Deno.test("the page has security headers; the metrics do not", async () => {
  const names = ["content-security-policy", "referrer-policy", "cache-control"];
  const headersOf = async (path: string): Promise<readonly (string | undefined)[]> => {
    const { headers } = await ask(handlerAt("/metrics"), path);
    return names.map((name) => headers[name]);
  };
  assertEquals(await headersOf("/"), [POLICY, "no-referrer", "no-store"]);
  assertEquals(await headersOf("/metrics"), [undefined, undefined, undefined]);
});
