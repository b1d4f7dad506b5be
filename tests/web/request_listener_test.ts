import { createServer } from "node:http";
import { Connections } from "../../lib/web/connections.ts";
import { type Handler, type HttpRequest, plainResponse } from "../../lib/web/http.ts";
import { requestListener } from "../../lib/web/request_listener.ts";
import { assertEquals } from "../assert.ts";
import { keptLog } from "../watched.ts";

/** Sends text to a server with this handler until it closes the connection; gives what came back. */
async function exchange(handler: Handler, text: string): Promise<readonly [string, string[]]> {
  const { log, lines } = keptLog();
  const connections = new Connections(10);
  const server = createServer(requestListener(handler, { connections, log }));
  server.on("connection", (socket) => connections.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port ?? 0 : 0;
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(text));
  const answer = await new Response(connection.readable).text();
  await new Promise((resolve) => server.close(resolve));
  return [answer, lines];
}

const CLOSE = "Host: x\r\nConnection: close\r\n";

Deno.test("a request is what came over the wire, the answer what the handler gives", async () => {
  const seen: HttpRequest[] = [];
  const [answer, lines] = await exchange((request) => {
    seen.push(request);
    const body = ["one", "two"].map((part) => new TextEncoder().encode(part));
    return Promise.resolve({ status: 203, headers: { "x-test": "a" }, body });
  }, `PUT /path?query HTTP/1.1\r\n${CLOSE}Accept: a\r\nACCEPT: b\r\n\r\n`);
  const [head = "", body] = answer.split("\r\n\r\n");
  assertEquals([head.split("\r\n")[0], body], [
    "HTTP/1.1 203 Non-Authoritative Information",
    "onetwo",
  ]);
  assertEquals(/^content-length: 6$/im.test(head) && /^x-test: a$/im.test(head), true);
  const [{ method = "", path = "", header = () => undefined } = {}] = seen;
  assertEquals([method, path, header("accept"), header("none")], [
    "PUT",
    "/path",
    "a, b",
    undefined,
  ]);
  assertEquals(lines, []);
});

Deno.test("a handler that throws is a 500 and one line, without what was thrown", async () => {
  const [answer, lines] = await exchange(
    () => Promise.reject(new Error("secret")),
    `GET / HTTP/1.1\r\n${CLOSE}\r\n`,
  );
  assertEquals(answer.startsWith("HTTP/1.1 500 "), true);
  assertEquals(answer.includes("secret"), false);
  assertEquals(lines.length, 1);
});

Deno.test("a body is read and forgotten: the next request on the connection is answered", async () => {
  const paths: string[] = [];
  const body = "x".repeat(100_000);
  const [answer] = await exchange(
    ({ path }) => {
      paths.push(path);
      return Promise.resolve(plainResponse(200, path));
    },
    `POST /first HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}` +
      `GET /second HTTP/1.1\r\n${CLOSE}\r\n`,
  );
  assertEquals(paths, ["/first", "/second"]);
  assertEquals(answer.match(/^HTTP\/1\.1 200 OK/gm)?.length, 2);
});
