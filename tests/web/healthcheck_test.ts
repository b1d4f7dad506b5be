import { checkHealth } from "../../lib/web/healthcheck.ts";
import { parseListenAddress } from "../../lib/cli/listen_address.ts";
import { assert, assertEquals, assertMatch } from "../support/assert.ts";

const LOOPBACK = "127.0.0.1";
const LISTEN = { hostname: LOOPBACK, port: 0, onListen: (): void => {} };

/** What the health check of a port reports; null if it is healthy. */
async function errorAt(
  port: number,
  timeouts?: Parameters<typeof checkHealth>[2],
): Promise<string | null> {
  const address = parseListenAddress(`${LOOPBACK}:${port}`);
  assert(address !== null);
  const checked = await checkHealth([address], null, timeouts);
  return checked.ok ? null : checked.error;
}

/** A port on which nothing listens. */
function closedPort(): number {
  using listener = Deno.listen({ hostname: LOOPBACK, port: 0 });
  return listener.addr.port;
}

/** Answers one connection with text, one character each 20 ms, until the other side has gone. */
async function drip(listener: Deno.TcpListener, text: string): Promise<void> {
  using connection = await listener.accept();
  try {
    for (const character of text) {
      await connection.write(new TextEncoder().encode(character));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  } catch (error) {
    const { BrokenPipe, ConnectionReset } = Deno.errors;
    if (!(error instanceof BrokenPipe || error instanceof ConnectionReset)) throw error;
  }
}

for (
  const [part, text] of [
    ["headers", `HTTP/1.1 200 OK\r\nX-Slow: ${"a".repeat(1_000)}`],
    ["body", `HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n${"a".repeat(1_000)}`],
  ] as const
) {
  Deno.test(`a response whose ${part} come too slowly is a failure`, async () => {
    using listener = Deno.listen({ hostname: LOOPBACK, port: 0 });
    const dripping = drip(listener, text);
    const { port } = listener.addr;
    const error = `no healthy exporter at ${LOOPBACK}:${port}: no response in 1200 ms`;
    assertEquals(await errorAt(port, { timeout: 1_200 }), error);
    await dripping;
  });
}

Deno.test("the health check waits for a closed port, up to the limit", async () => {
  const port = closedPort();
  const before = performance.now();
  const error = await errorAt(port, { startupTimeout: 500 }) ?? "";
  assertMatch(error, new RegExp(`^no healthy exporter at ${LOOPBACK}:${port}: .*REFUSED`));
  assert(performance.now() - before >= 500);
  const checking = errorAt(port);
  await new Promise((resolve) => setTimeout(resolve, 500));
  await using _server = Deno.serve({ ...LISTEN, port }, () => new Response("Healthy"));
  assertEquals(await checking, null);
});

Deno.test("other errors than a refused connection are reported at the first attempt", async () => {
  let requests = 0;
  await using server = Deno.serve(LISTEN, () => {
    requests++;
    return new Response("", { status: 503 });
  });
  const { port } = server.addr;
  assertEquals(await errorAt(port), `no healthy exporter at ${LOOPBACK}:${port}: status 503`);
  assertEquals(requests, 1);
});
