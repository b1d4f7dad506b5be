import { checkHealth } from "../../lib/web/healthcheck.ts";
import { type ListenAddress, parseListenAddress } from "../../lib/cli/listen_address.ts";
import { assert, assertEquals, assertMatch } from "../support/assert.ts";

const LOOPBACK = "127.0.0.1";

function at(port: number): readonly ListenAddress[] {
  const address = parseListenAddress(`${LOOPBACK}:${port}`);
  assert(address !== null);
  return [address];
}

/** A port that nobody has just now. */
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
    if (
      !(error instanceof Deno.errors.BrokenPipe || error instanceof Deno.errors.ConnectionReset)
    ) {
      throw error;
    }
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
    assertEquals(
      await checkHealth(at(port), null, { timeout: 1_200 }),
      `no healthy exporter at ${LOOPBACK}:${port}: no answer in 1200 ms`,
    );
    await dripping;
  });
}

Deno.test("the health check waits for a port that opens later", async () => {
  const port = closedPort();
  const checking = checkHealth(at(port), null);
  await new Promise((resolve) => setTimeout(resolve, 500));
  await using _server = Deno.serve(
    { hostname: LOOPBACK, port, onListen: () => {} },
    () => new Response("Healthy"),
  );
  assertEquals(await checking, null);
});

Deno.test("the health check stops waiting for a closed port after the limit", async () => {
  const port = closedPort();
  const before = performance.now();
  const error = await checkHealth(at(port), null, { startupTimeout: 500 });
  assertMatch(error ?? "", new RegExp(`^no healthy exporter at ${LOOPBACK}:${port}: .*REFUSED`));
  assert(performance.now() - before >= 500);
});

Deno.test("other errors than a refused connection are reported at the first attempt", async () => {
  let requests = 0;
  await using server = Deno.serve({ hostname: LOOPBACK, port: 0, onListen: () => {} }, () => {
    requests++;
    return new Response("Starting", { status: 503 });
  });
  const { port } = server.addr;
  assertEquals(
    await checkHealth(at(port), null),
    `no healthy exporter at ${LOOPBACK}:${port}: status 503`,
  );
  assertEquals(requests, 1);
});
