import { LIMITS } from "../../lib/web/node_server.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { type Exporter, startExporter } from "../support/exporter.ts";
import {
  connect,
  exchange,
  firstBytes,
  parse,
  type RawAnswer,
  receive,
  send,
} from "../support/raw_http.ts";
import { samplesOf, seriesOf } from "../support/samples.ts";
import { fixture, tempDir } from "../support/temp_dir.ts";
import { within } from "../support/wait.ts";
import { startWith } from "../support/web_config_file.ts";

const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
/** More headers than `Deno.serve` takes. */
const MANY_HEADERS = 200;
const PLAIN_TYPE = "text/plain; charset=utf-8";

function startOnFixture(...args: readonly string[]): Promise<Exporter> {
  return startExporter([`--utmp-path=${fixture("x86_64.utmp").pathname}`, ...args]);
}

function answerTo({ port }: Exporter, words: string, host = "localhost"): Promise<RawAnswer> {
  return exchange(port, `${words} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
}

Deno.test("the metrics are text 0.0.4 with a content length", async () => {
  await using exporter = await startOnFixture();
  const { status, headers, body } = await answerTo(exporter, "GET /metrics");
  assertEquals(status, 200);
  assertEquals(headers.get("content-type"), METRICS_TYPE);
  assertEquals(headers.get("content-length"), String(new TextEncoder().encode(body).length));
  assertEquals(seriesOf(body, "unix_users_logged_in_total"), ["unix_users_logged_in_total 3"]);
  assert(body.endsWith("\n"));
});

Deno.test("HEAD is like GET, without the body", async () => {
  await using exporter = await startOnFixture();
  for (const path of ["/metrics", "/", "/-/healthy", "/-/ready"]) {
    const get = await answerTo(exporter, `GET ${path}`);
    const head = await answerTo(exporter, `HEAD ${path}`);
    assertEquals([path, get.status, head.status, head.body], [path, 200, 200, ""]);
    assert(get.body.length > 0);
    assertEquals(head.headers.get("content-type"), get.headers.get("content-type"));
  }
});

Deno.test("other paths are not found, other methods are not allowed", async () => {
  await using exporter = await startOnFixture();
  const methods = ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"];
  for (
    const [request, status, text] of [
      ["GET /-/healthy", 200, "Healthy\n"],
      ["GET /-/ready", 200, "Ready\n"],
      ["GET /favicon.ico", 404, "Not found\n"],
      ["GET /metrics/", 404, "Not found\n"],
      ["GET //metrics", 404, "Not found\n"],
      ["GET /METRICS", 404, "Not found\n"],
      ...methods.map((method) => [`${method} /metrics`, 405, "Method not allowed\n"] as const),
      ...methods.map((method) => [`${method} /other`, 404, "Not found\n"] as const),
    ] as const
  ) {
    const { headers, ...answer } = await answerTo(exporter, request);
    assertEquals([request, answer.status, answer.body], [request, status, text]);
    assertEquals(headers.get("content-type"), PLAIN_TYPE);
    assertEquals(headers.get("allow"), status === 405 ? "GET, HEAD" : null);
  }
});

Deno.test("the page links to the metrics", async () => {
  await using exporter = await startOnFixture();
  const { status, headers, body } = await answerTo(exporter, "GET /");
  assertEquals([status, headers.get("content-type")], [200, "text/html; charset=utf-8"]);
  assertStringIncludes(body, '<a href="/metrics">');
});

/** Invalid Host headers; each character is a byte. */
const ODD_HOSTS: readonly string[] = [
  ...["a/b", "a/-/healthy", "a/metrics", "a?b", "a#b", "x y", "[[[", "%%%", "a:99999", "a\\b"],
  ...["..", "http://x/", "", "\xc3\xa9", "\xe9"],
];

Deno.test("an unusual Host header does not change the path of a request", async () => {
  await using exporter = await startOnFixture();
  const usual = samplesOf(await exporter.scrape()).length;
  for (const host of ODD_HOSTS) {
    for (const path of ["/metrics", "/metrics?name=value"]) {
      const { status, body } = await answerTo(exporter, `GET ${path}`, host);
      assertEquals([host, status, samplesOf(body).length], [host, 200, usual]);
    }
    assertEquals([host, (await answerTo(exporter, "GET /other", host)).status], [host, 404]);
    assertEquals([host, (await answerTo(exporter, "GET /-/ready", host)).body], [host, "Ready\n"]);
  }
});

Deno.test("HTTP/1.0 without Host and a target with a host get a response", async () => {
  await using exporter = await startOnFixture();
  const old = await exchange(exporter.port, "GET /metrics HTTP/1.0\r\n\r\n");
  assertEquals([old.status, old.headers.get("content-type")], [200, METRICS_TYPE]);
  const absolute = await answerTo(exporter, "GET http://elsewhere/-/ready");
  assertEquals([absolute.status, absolute.body], [200, "Ready\n"]);
});

for (const server of ["plain HTTP", "a web configuration"]) {
  Deno.test(`input other than HTTP gets 4xx and does not stop the server, with ${server}`, async () => {
    await using dir = await tempDir();
    await using exporter = await (server === "plain HTTP" ? startOnFixture() : startWith(dir, {}));
    assertEquals((await exchange(exporter.port, "no request\r\n\r\n")).status, 400);
    const { status } = await answerTo(exporter, "BREW /metrics");
    // node:http does not parse unknown methods.
    assert(status === 405 || status === 400, String(status));
    // Too many for Deno.serve, too long for node:http.
    const headers = "X-Many: a\r\n".repeat(MANY_HEADERS) +
      `X-Long: ${"a".repeat(LIMITS.maxHeaderSize)}\r\n`;
    const long = `GET /metrics HTTP/1.1\r\n${headers}\r\n`;
    const { status: refused } = await exchange(exporter.port, long);
    assert(refused === 400 || refused === 431, String(refused));
    assertEquals((await answerTo(exporter, "GET /-/healthy")).status, 200);
  });
}

Deno.test("with a web configuration, an endless body is not read", async () => {
  await using dir = await tempDir();
  await using exporter = await startWith(dir, {});
  for (const method of ["POST", "GET"]) {
    using connection = await connect(exporter.port);
    const length = `Content-Length: 1${"0".repeat(12)}`;
    await send(connection, `${method} /metrics HTTP/1.1\r\nHost: x\r\n${length}\r\n\r\n`);
    await within("the end of a connection with an endless body", flood(connection));
  }
  assertEquals((await answerTo(exporter, "GET /-/healthy")).status, 200);
});

/** Sends until the connection is closed. */
async function flood(connection: Deno.Conn): Promise<void> {
  const bytes = new Uint8Array(65_536);
  try {
    while (true) await connection.write(bytes);
  } catch (error) {
    const { BrokenPipe, ConnectionReset } = Deno.errors;
    if (!(error instanceof BrokenPipe || error instanceof ConnectionReset)) throw error;
  }
}

Deno.test("with a web configuration, endless headers time out, and idle connections do not", async () => {
  await using dir = await tempDir();
  await using exporter = await startWith(dir, {});
  const request = "GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n";
  using idle = await connect(exporter.port);
  await send(idle, `${request}\r\n`);
  assertStringIncludes(await firstBytes(idle), "HTTP/1.1 200 OK");
  using slow = await connect(exporter.port);
  await send(slow, "GET /metrics HTTP/1.1\r\nHost: local");
  // The limit of headers is 10 s.
  assertMatch(await receive(slow), /^(HTTP\/1\.1 408 Request Timeout\r\n[^]*)?$/);
  await send(idle, `${request}Connection: close\r\n\r\n`);
  assertStringIncludes(await receive(idle), "HTTP/1.1 200 OK");
});

Deno.test("with a web configuration, a client that closes its half gets its response", async () => {
  await using dir = await tempDir();
  const headers = { "X-Frame-Options": "deny" };
  await using exporter = await startWith(dir, { http_server_config: { headers } });
  using connection = await connect(exporter.port);
  await send(connection, "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await connection.closeWrite();
  assertEquals(parse(await receive(connection)).status, 200);
});

Deno.test("an unknown Expect header has no effect", async () => {
  await using exporter = await startOnFixture();
  for (const [path, status] of [["/metrics", 200], ["/other", 404]] as const) {
    const headers = "Host: x\r\nExpect: much\r\nConnection: close\r\n";
    const answer = await exchange(exporter.port, `GET ${path} HTTP/1.1\r\n${headers}\r\n`);
    assertEquals(answer.status, status);
  }
});

Deno.test("many scrapes at once all include every session", async () => {
  await using exporter = await startOnFixture();
  const scrapes = Array.from({ length: 40 }, () => exporter.scrape());
  const infos = (await within("40 scrapes", Promise.all(scrapes))).map((scrape) =>
    seriesOf(scrape, "unix_user_session_info", "unix_users_logged_in_total")
  );
  assertEquals(infos.map((series) => series.length), infos.map(() => 4));
  assertEquals(new Set(infos.map((series) => series.join("\n"))).size, 1);
});
