// @ts-types="../support/declarations/std_async_deadline.d.ts"
import { deadline } from "@std/async/deadline";
import { createServer, type Server } from "node:http";
import { Connections } from "../../lib/web/connections.ts";
import { type Handler, type HttpRequest, pathOf, plainResponse } from "../../lib/web/http.ts";
import { requestListener } from "../../lib/web/request_listener.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { requestFor } from "../support/ask.ts";
import { keptLog } from "../support/fakes.ts";

interface Listening extends AsyncDisposable {
  readonly server: Server;
  readonly port: number;
  readonly connections: Connections;
  readonly lines: readonly string[];
}

/** Starts a server with this handler. */
async function listening(handler: Handler, responseTimeout = 60_000): Promise<Listening> {
  const { log, lines } = keptLog();
  const connections = new Connections(10);
  const server = createServer(requestListener(handler, { connections, log, responseTimeout }));
  server.on("connection", (socket) => connections.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port ?? 0 : 0;
  const close = async (): Promise<void> => {
    connections.cut();
    await new Promise((resolve) => server.close(resolve));
  };
  return { server, port, connections, lines, [Symbol.asyncDispose]: close };
}

function connectTo(port: number): Promise<Deno.Conn> {
  return Deno.connect({ hostname: "127.0.0.1", port });
}

/** Sends text to a server with this handler until it closes the connection; gives the responses. */
async function exchange(
  handler: Handler,
  text: string,
): Promise<readonly [string, readonly string[]]> {
  await using server = await listening(handler);
  using connection = await connectTo(server.port);
  await connection.write(new TextEncoder().encode(text));
  return [await textOf(connection), server.lines];
}

/** Reads until the other side closes, which resets the connection if it has not read everything. */
async function textOf(connection: Deno.Conn): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const bytes of connection.readable) text += decoder.decode(bytes, { stream: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.ConnectionReset)) throw error;
  }
  return text;
}

/** Sends a request; gives the first bytes of the response and leaves the others unread. */
async function firstBytes(connection: Deno.Conn, path: string): Promise<string> {
  await connection.write(new TextEncoder().encode(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`));
  const buffer = new Uint8Array(1024);
  const count = await connection.read(buffer);
  return new TextDecoder().decode(buffer.subarray(0, count ?? 0));
}

const CLOSE = "Host: x\r\nConnection: close\r\n";
const respondWithPath: Handler = (request) => plainResponse(200, pathOf(request));

Deno.test("the handler gets the request as sent, and its response is sent", async () => {
  const seen: HttpRequest[] = [];
  const [answer, lines] = await exchange((request) => {
    seen.push(request);
    return new Response("onetwo", { status: 203, headers: { "x-test": "a" } });
  }, `PUT /path?query HTTP/1.1\r\n${CLOSE}Accept: a\r\nACCEPT: b\r\n\r\n`);
  const [head = "", body] = answer.split("\r\n\r\n");
  assertMatch(head, /^HTTP\/1\.1 203 Non-Authoritative Information\r\n/);
  assert(/^content-length: 6$/im.test(head) && /^x-test: a$/im.test(head), head);
  assertEquals([body, lines], ["onetwo", []]);
  const [{ method, url, headers } = requestFor("")] = seen;
  assertEquals([method, url], ["PUT", "http://x/path?query"]);
  assertEquals([headers.get("accept"), headers.get("none")], ["a, b", null]);
});

Deno.test("a handler that throws gives a 500 and one log line, without the error in the response", async () => {
  const fail = (): Promise<Response> => Promise.reject(new Error("secret"));
  const [answer, lines] = await exchange(fail, `GET / HTTP/1.1\r\n${CLOSE}\r\n`);
  assertMatch(answer, /^HTTP\/1\.1 500 /);
  assertEquals([answer.includes("secret"), lines.length], [false, 1]);
});

for (
  const [name, head, body] of [
    ["has a length", "Content-Length: 100000", "x".repeat(100_000)],
    ["is longer than what was sent", "Content-Length: 100000", "x"],
    ["has chunks", "Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n"],
  ] as const
) {
  Deno.test(`a request whose body ${name} gets a response, and the connection is closed`, async () => {
    const request = `POST /first HTTP/1.1\r\nHost: x\r\n${head}\r\n\r\n${body}`;
    const next = `GET /second HTTP/1.1\r\n${CLOSE}\r\n`;
    const [answer] = await exchange(respondWithPath, request + next);
    assertEquals(answer.match(/^HTTP\/1\.1 200 OK/gm)?.length, 1);
    assertMatch(answer, /^connection: close\r$/im);
    assert(answer.endsWith("/first\n"), answer);
  });
}

Deno.test("a request with a declared empty body leaves the connection open", async () => {
  const request = "GET /first HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n";
  const next = `GET /second HTTP/1.1\r\n${CLOSE}\r\n`;
  const [answer] = await exchange(respondWithPath, request + next);
  assertEquals(answer.match(/^HTTP\/1\.1 200 OK/gm)?.length, 2);
});

Deno.test("only the connection of a client that does not read its response is closed", async () => {
  // More than the buffers of a connection hold.
  const long = new Uint8Array(64 * 1024 * 1024);
  await using listener = await listening(
    (request) => pathOf(request) === "/long" ? new Response(long) : respondWithPath(request),
    1_000,
  );
  const { server, port, connections } = listener;
  using reading = await connectTo(port);
  using stalled = await connectTo(port);
  await firstBytes(reading, "/first");
  const lost = new Promise((resolve) => {
    server.once("request", ({ socket }) => socket.once("close", resolve));
  });
  await firstBytes(stalled, "/long");
  await deadline(lost, 20_000);
  assertEquals(connections.size, 1);
  assertStringIncludes(await firstBytes(reading, "/second"), "/second");
});

Deno.test("the response timeout starts when the response is sent", async () => {
  await using server = await listening(async (request) => {
    await new Promise((resolve) => setTimeout(resolve, 600));
    return respondWithPath(request);
  }, 300);
  using connection = await connectTo(server.port);
  assertStringIncludes(await firstBytes(connection, "/slow"), "/slow");
  await new Promise((resolve) => setTimeout(resolve, 400));
  // The timeout of the first response does not close the connection during the second one.
  assertStringIncludes(await firstBytes(connection, "/again"), "/again");
});
