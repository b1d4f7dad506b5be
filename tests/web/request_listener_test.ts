// @ts-types="../support/declarations/std_async_deadline.d.ts"
import { deadline } from "@std/async/deadline";
import { createServer, type RequestListener, type Server } from "node:http";
import { Connections } from "../../lib/web/connections.ts";
import { type Handler, type HttpRequest, pathOf, plainResponse } from "../../lib/web/http.ts";
import { requestListener } from "../../lib/web/request_listener.ts";
import { assertEquals, assertStringIncludes } from "../support/assert.ts";
import { keptLog } from "../support/fakes.ts";
import { requestFor } from "../support/ask.ts";

/** How long a test waits for the end of a connection, in milliseconds. */
const PATIENCE = 20_000;

/** A server that calls the listener, and its port. */
async function listening(
  listener: RequestListener,
  connections: Connections,
): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer(listener);
  server.on("connection", (socket) => connections.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return { server, port: typeof address === "object" ? address?.port ?? 0 : 0 };
}

/** Sends text to a server with this handler until it closes the connection; gives what came back. */
async function exchange(handler: Handler, text: string): Promise<readonly [string, string[]]> {
  const { log, lines } = keptLog();
  const connections = new Connections(10);
  const listener = requestListener(handler, { connections, log });
  const { server, port } = await listening(listener, connections);
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(text));
  const answer = await textOf(connection);
  await new Promise((resolve) => server.close(resolve));
  return [answer, lines];
}

/** What comes until the other side closes; where it has not read all, that resets the connection. */
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

const CLOSE = "Host: x\r\nConnection: close\r\n";

Deno.test("the handler gets the request as sent, and its response is sent", async () => {
  const seen: HttpRequest[] = [];
  const [answer, lines] = await exchange((request) => {
    seen.push(request);
    return new Response("onetwo", { status: 203, headers: { "x-test": "a" } });
  }, `PUT /path?query HTTP/1.1\r\n${CLOSE}Accept: a\r\nACCEPT: b\r\n\r\n`);
  const [head = "", body] = answer.split("\r\n\r\n");
  assertEquals([head.split("\r\n")[0], body], [
    "HTTP/1.1 203 Non-Authoritative Information",
    "onetwo",
  ]);
  assertEquals(/^content-length: 6$/im.test(head) && /^x-test: a$/im.test(head), true);
  const [{ method, url, headers } = requestFor("")] = seen;
  assertEquals([method, url, headers.get("accept"), headers.get("none")], [
    "PUT",
    "http://x/path?query",
    "a, b",
    null,
  ]);
  assertEquals(lines, []);
});

Deno.test("a handler that throws gives a 500 and one log line, without the error in the response", async () => {
  const [answer, lines] = await exchange(
    () => Promise.reject(new Error("secret")),
    `GET / HTTP/1.1\r\n${CLOSE}\r\n`,
  );
  assertEquals(answer.startsWith("HTTP/1.1 500 "), true);
  assertEquals(answer.includes("secret"), false);
  assertEquals(lines.length, 1);
});

for (
  const [name, head, body] of [
    ["a length", "Content-Length: 100000", "x".repeat(100_000)],
    ["a length and has not come", "Content-Length: 100000", "x"],
    ["chunks", "Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n"],
  ] as const
) {
  Deno.test(`a request whose body has ${name} gets a response, and the connection is closed`, async () => {
    const [answer] = await exchange(
      (request) => plainResponse(200, pathOf(request)),
      `POST /first HTTP/1.1\r\nHost: x\r\n${head}\r\n\r\n${body}` +
        `GET /second HTTP/1.1\r\n${CLOSE}\r\n`,
    );
    assertEquals(answer.match(/^HTTP\/1\.1 200 OK/gm)?.length, 1);
    assertEquals(/^connection: close\r$/im.test(answer), true);
    assertEquals(answer.endsWith("/first\n"), true);
  });
}

Deno.test("a request with a declared empty body leaves the connection open", async () => {
  const [answer] = await exchange(
    (request) => plainResponse(200, pathOf(request)),
    "GET /first HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n" +
      `GET /second HTTP/1.1\r\n${CLOSE}\r\n`,
  );
  assertEquals(answer.match(/^HTTP\/1\.1 200 OK/gm)?.length, 2);
});

Deno.test("only the connection of a client that does not read its response is closed", async () => {
  const { log } = keptLog();
  const connections = new Connections(10);
  // More than the buffers of a connection hold.
  const handler: Handler = (request) =>
    pathOf(request) === "/long"
      ? new Response(new Uint8Array(64 * 1024 * 1024))
      : plainResponse(200, pathOf(request));
  const listener = requestListener(handler, { connections, log, responseTimeout: 1_000 });
  const { server, port } = await listening(listener, connections);
  using reading = await Deno.connect({ hostname: "127.0.0.1", port });
  using stalled = await Deno.connect({ hostname: "127.0.0.1", port });
  try {
    await ask(reading, "/first");
    const lost = new Promise((resolve) => {
      server.once("request", ({ socket }) => socket.once("close", resolve));
    });
    await ask(stalled, "/long");
    await deadline(lost, PATIENCE);
    assertEquals(connections.size, 1);
    assertStringIncludes(await ask(reading, "/second"), "/second");
  } finally {
    connections.cut();
    await new Promise((resolve) => server.close(resolve));
  }
});

Deno.test("the response timeout starts when the response is sent", async () => {
  const { log } = keptLog();
  const connections = new Connections(10);
  const handler: Handler = async (request) => {
    await new Promise((resolve) => setTimeout(resolve, 600));
    return plainResponse(200, pathOf(request));
  };
  const listener = requestListener(handler, { connections, log, responseTimeout: 300 });
  const { server, port } = await listening(listener, connections);
  try {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port });
    assertStringIncludes(await ask(connection, "/slow"), "/slow");
    await new Promise((resolve) => setTimeout(resolve, 400));
    // The time ended with the first answer, and does not close the connection under the second.
    assertStringIncludes(await ask(connection, "/again"), "/again");
  } finally {
    connections.cut();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** Asks for a path; gives the first bytes that come and leaves the others unread. */
async function ask(connection: Deno.Conn, path: string): Promise<string> {
  await connection.write(new TextEncoder().encode(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`));
  const buffer = new Uint8Array(1024);
  const count = await connection.read(buffer);
  return new TextDecoder().decode(buffer.subarray(0, count ?? 0));
}
