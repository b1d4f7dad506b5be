import { SHUTDOWN_TIMEOUT } from "../../lib/web/running_servers.ts";
import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";
import { type Exporter, startExporter } from "../support/exporter.ts";
import { messagesOf } from "../support/log_lines.ts";
import { connect, firstBytes, parse, receive, send } from "../support/raw_http.ts";
import { samplesOf } from "../support/samples.ts";
import { login, utmpFile } from "../support/utmp_file.ts";

/** What the exit may take beyond the bound on a busy machine, in milliseconds. */
const SLACK = 3_000;

/** A scrape of this number of sessions with long origins is more than the buffers of a connection hold. */
const MANY = 20_000;
const ORIGIN = `${"origin.".repeat(30)}example`;

const REQUEST = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n";

const CLEAN = ["listening", "reading sessions", "stopping"];

/** Runs a test with an exporter that has this number of sessions. */
function testWith(sessions: number, name: string, fn: (exporter: Exporter) => Promise<void>): void {
  Deno.test(name, async () => {
    const records = Array.from({ length: sessions }, (_, i) => login("alice", `pts/${i}`, ORIGIN));
    await using file = await utmpFile(records);
    await using exporter = await startExporter([file.flag, `--sessions.max-series=${MANY}`]);
    await fn(exporter);
  });
}

/** Sends a request and reads only the start of the response. */
async function startReading({ port }: Exporter, headers = ""): Promise<[Deno.Conn, string]> {
  const connection = await connect(port);
  await send(connection, `${REQUEST}${headers}\r\n`);
  const start = await firstBytes(connection);
  assertStringIncludes(start, "HTTP/1.1 200 OK");
  return [connection, start];
}

async function stopping(exporter: Exporter): Promise<void> {
  exporter.kill("SIGTERM");
  await exporter.line(/ msg=stopping /);
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  testWith(1, `${signal} ends an idle exporter at once with exit code 0`, async (exporter) => {
    using _idle = (await startReading(exporter))[0];
    using silent = await connect(exporter.port);
    await exporter.scrape();
    const start = performance.now();
    const { code, stderr, ...stopped } = await exporter.stop(signal);
    assertEquals([code, stopped.signal], [0, null]);
    assertEquals(messagesOf(stderr), CLEAN);
    assertStringIncludes(stderr, `msg=stopping signal=${signal}\n`);
    assert(performance.now() - start < SHUTDOWN_TIMEOUT, "it waited for connections");
    assertEquals(await silent.read(new Uint8Array(1)), null);
  });
}

testWith(MANY, "a running request is finished before the exit", async (exporter) => {
  const [connection, start] = await startReading(exporter, "Connection: close\r\n");
  using slow = connection;
  await stopping(exporter);
  const { status, headers, body } = parse(start + await receive(slow));
  const { code, stderr } = await exporter.stop();
  assertEquals(status, 200);
  assertEquals(String(new TextEncoder().encode(body).length), headers.get("content-length"));
  const infos = samplesOf(body).filter((line) => line.startsWith("unix_user_session_info{"));
  assertEquals(infos.length, MANY);
  assertEquals(code, 0);
  assertEquals(messagesOf(stderr), CLEAN);
});

testWith(
  MANY,
  "stalled readers and incomplete requests do not delay the exit",
  async (exporter) => {
    using _stalled = (await startReading(exporter))[0];
    using halfSent = await connect(exporter.port);
    await send(halfSent, REQUEST);
    const start = performance.now();
    const { code, signal, stderr } = await exporter.stop("SIGTERM");
    assertEquals([code, signal], [0, null]);
    assert(performance.now() - start < SHUTDOWN_TIMEOUT + SLACK, "it exceeded the bound");
    assertEquals(messagesOf(stderr), [
      ...CLEAN,
      "requests did not finish in time; connections closed",
    ]);
  },
);

testWith(MANY, "a second signal ends the exporter at once", async (exporter) => {
  using _stalled = (await startReading(exporter))[0];
  await stopping(exporter);
  const start = performance.now();
  const { signal } = await exporter.stop("SIGINT");
  assertEquals(signal, "SIGINT");
  assert(performance.now() - start < SHUTDOWN_TIMEOUT, "it waited for the request");
});

testWith(MANY, "no new connections are accepted during the shutdown", async (exporter) => {
  using _stalled = (await startReading(exporter))[0];
  await stopping(exporter);
  const refused = await connect(exporter.port).then(
    (connection) => connection.close(),
    (error: unknown) => error instanceof Deno.errors.ConnectionRefused,
  );
  assertEquals(refused, true, "the log has `stopping` before the port is closed");
});
