import { createHandler } from "../lib/handler.ts";
import { contentSecurityPolicy } from "../lib/page.ts";
import type { Wanted } from "../lib/scraper.ts";
import { MEDIA_TYPES } from "../lib/text_format.ts";
import { assertEquals } from "./assert.ts";

const TEXT_FORMAT = MEDIA_TYPES.text;
const PLAIN = "text/plain; charset=utf-8";
const HTML = "text/html; charset=utf-8";

function handlerAt(
  telemetryPath: string,
  isReady = true,
  asked: Wanted[] = [],
): (request: Request) => Promise<Response> {
  return createHandler({
    telemetryPath,
    scrape: (wanted) => {
      asked.push(wanted);
      return Promise.resolve(new TextEncoder().encode("metrics\n"));
    },
    page: () => Promise.resolve("page\n"),
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
    const request = new Request(`http://localhost:32142${path}`, { method });
    const response = await handlerAt(telemetryPath)(request);
    assertEquals(
      [
        response.status,
        response.headers.get("content-type"),
        response.headers.get("allow"),
        response.headers.get("x-content-type-options"),
        await response.text(),
      ],
      [status, type, status === 405 ? "GET, HEAD" : null, "nosniff", body],
    );
  });
}

Deno.test("a program that has not looked at its sources yet is healthy and not ready", async () => {
  const handler = handlerAt("/metrics", false);
  const [healthy, ready] = await Promise.all([
    handler(new Request("http://localhost/-/healthy")),
    handler(new Request("http://localhost/-/ready")),
  ]);
  assertEquals([healthy.status, ready.status, await ready.text()], [200, 503, "Starting\n"]);
});

for (
  const [host, url] of [
    ["a/b", "http://a/b/metrics"],
    ["a?b", "http://a?b/metrics"],
    ["a#b", "http://a#b/metrics"],
    ["x y", "http://x y/metrics"],
    ["[[[", "http://[[[/metrics?q=1"],
    ["%%%", "http://%%%/metrics"],
    ["h:99999", "http://h:99999/metrics"],
    ["", "http://localhost:32142/metrics"],
    [null, "http://localhost:32142/metrics"],
    ["Ã©", "http://é/metrics"],
    ["x", "http://other:1/metrics"],
  ] as const
) {
  Deno.test(`the Host header ${JSON.stringify(host)} does not move the path`, async () => {
    const headers = new Headers(host === null ? {} : { host });
    // Deno's own requests carry URLs that the constructor of Request would refuse.
    const request = { method: "GET", url, headers } as Request;
    const response = await handlerAt("/metrics")(request);
    assertEquals([response.status, await response.text()], [200, "metrics\n"]);
  });
}

for (
  const [headers, wanted, type, encoding] of [
    [{}, { format: "text", isCompressed: false }, MEDIA_TYPES.text, null],
    [
      { accept: "application/openmetrics-text", "accept-encoding": "gzip" },
      { format: "openmetrics", isCompressed: true },
      MEDIA_TYPES.openmetrics,
      "gzip",
    ],
  ] as const
) {
  Deno.test(`a scrape with ${JSON.stringify(headers)} says what it got`, async () => {
    const asked: Wanted[] = [];
    const request = new Request("http://localhost/metrics", { headers });
    const response = await handlerAt("/metrics", true, asked)(request);
    const found = ["content-type", "content-encoding", "vary"].map((name) =>
      response.headers.get(name)
    );
    assertEquals(found, [type, encoding, "Accept, Accept-Encoding"]);
    assertEquals(asked, [wanted]);
  });
}

for (
  const [maxRequests, statuses] of [[2, [200, 200, 503]], [3, [200, 200, 200]], [0, [
    200,
    200,
    200,
  ]]] as const
) {
  Deno.test(`three scrapes at a time where ${maxRequests} may be: ${statuses}`, async () => {
    const { promise, resolve } = Promise.withResolvers<Uint8Array<ArrayBuffer>>();
    const handler = createHandler({
      telemetryPath: "/metrics",
      scrape: () => promise,
      page: () => Promise.resolve(""),
      maxRequests,
      isReady: () => true,
    });
    const scrape = (): Promise<Response> => handler(new Request("http://localhost/metrics"));
    const answers = [scrape(), scrape(), scrape()];
    const health = await handler(new Request("http://localhost/-/healthy"));
    resolve(new Uint8Array(0));
    assertEquals((await Promise.all(answers)).map(({ status }) => status), [...statuses]);
    assertEquals([health.status, (await scrape()).status], [200, 200]);
  });
}

Deno.test("the page has headers that let nothing load, frame or keep it; the metrics have none of them", async () => {
  const names = ["content-security-policy", "referrer-policy", "cache-control"];
  const headersOf = async (path: string): Promise<readonly (string | null)[]> => {
    const { headers } = await handlerAt("/metrics")(new Request(`http://localhost${path}`));
    return names.map((name) => headers.get(name));
  };
  const policy = await contentSecurityPolicy();
  assertEquals(await headersOf("/"), [policy, "no-referrer", "no-store"]);
  assertEquals(await headersOf("/metrics"), [null, null, null]);
});
