import { SHUTDOWN_TIMEOUT } from "../../lib/web/running_servers.ts";
import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";
import { type Exporter, startExporter } from "../support/exporter.ts";
import { messagesOf } from "../support/log_lines.ts";
import { connect, firstBytes, parse, receive, send } from "../support/raw_http.ts";
import { samplesOf } from "../support/samples.ts";
import { type TempDir, tempDir } from "../support/temp_dir.ts";
import { login, writeUtmp } from "../support/utmp_file.ts";

/** What the end may take beyond the bound on a busy machine, in milliseconds. */
const SLACK = 3_000;

/** A scrape of so many sessions with long origins is more than the buffers of a connection hold. */
const MANY = 20_000;
const ORIGIN = `${"origin.".repeat(30)}example`;

const REQUEST = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n";

async function startOn(dir: TempDir, sessions = 1): Promise<Exporter> {
  const path = dir.join("utmp");
  await writeUtmp(
    path,
    Array.from({ length: sessions }, (_, i) => login("alice", `pts/${i}`, ORIGIN)),
  );
  return await startExporter([`--utmp-path=${path}`, `--sessions.max-series=${MANY}`]);
}

/** Sends a request and reads only the beginning of the response. */
async function startReading(port: number): Promise<Deno.Conn> {
  const connection = await connect(port);
  await send(connection, `${REQUEST}\r\n`);
  assertStringIncludes(await firstBytes(connection), "HTTP/1.1 200 OK");
  return connection;
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test(`${signal} ends an idle exporter at once with exit code 0`, async () => {
    await using dir = await tempDir();
    await using exporter = await startOn(dir);
    using _idle = await startReading(exporter.port);
    using silent = await connect(exporter.port);
    await exporter.scrape();
    const start = performance.now();
    const { code, stderr, ...stopped } = await exporter.stop(signal);
    assertEquals([code, stopped.signal], [0, null]);
    assertEquals(messagesOf(stderr), ["listening", "reading sessions", "stopping"]);
    assertStringIncludes(stderr, `msg=stopping signal=${signal}\n`);
    assert(performance.now() - start < SHUTDOWN_TIMEOUT, "it did not wait for connections");
    assertEquals(await silent.read(new Uint8Array(1)), null);
  });
}

Deno.test("a running request is finished before the exit", async () => {
  await using dir = await tempDir();
  await using exporter = await startOn(dir, MANY);
  using slow = await connect(exporter.port);
  await send(slow, `${REQUEST}Connection: close\r\n\r\n`);
  const start = await firstBytes(slow);
  exporter.kill("SIGTERM");
  await exporter.line(/ msg=stopping /);
  const { status, headers, body } = parse(start + await receive(slow));
  const { code, stderr } = await exporter.stop();
  assertEquals(status, 200);
  assertEquals(String(new TextEncoder().encode(body).length), headers.get("content-length"));
  assertEquals(
    samplesOf(body).filter((line) => line.startsWith("unix_user_session_info{")).length,
    MANY,
  );
  assertEquals(code, 0);
  assertEquals(messagesOf(stderr), ["listening", "reading sessions", "stopping"]);
});

Deno.test("stalled readers and incomplete requests do not delay the exit", async () => {
  await using dir = await tempDir();
  await using exporter = await startOn(dir, MANY);
  using _stalled = await startReading(exporter.port);
  using halfSent = await connect(exporter.port);
  await send(halfSent, REQUEST);
  const start = performance.now();
  const { code, signal, stderr } = await exporter.stop("SIGTERM");
  assertEquals([code, signal], [0, null]);
  assert(performance.now() - start < SHUTDOWN_TIMEOUT + SLACK, "it kept to the bound");
  assertEquals(messagesOf(stderr), [
    "listening",
    "reading sessions",
    "stopping",
    "requests did not finish in time; connections closed",
  ]);
});

Deno.test("a second signal ends an exporter that waits for a request at once", async () => {
  await using dir = await tempDir();
  await using exporter = await startOn(dir, MANY);
  using _stalled = await startReading(exporter.port);
  exporter.kill("SIGTERM");
  await exporter.line(/ msg=stopping /);
  const start = performance.now();
  const { signal } = await exporter.stop("SIGINT");
  assertEquals(signal, "SIGINT");
  assert(performance.now() - start < SHUTDOWN_TIMEOUT, "it did not wait for the request");
});

Deno.test("no new connections are accepted while it waits for a request", async () => {
  await using dir = await tempDir();
  await using exporter = await startOn(dir, MANY);
  using _stalled = await startReading(exporter.port);
  exporter.kill("SIGTERM");
  await exporter.line(/ msg=stopping /);
  const refused = await connect(exporter.port).then(
    (connection) => connection.close(),
    (error: unknown) => error instanceof Deno.errors.ConnectionRefused,
  );
  assertEquals(refused, true, "stopping is said when nobody listens any more");
});
