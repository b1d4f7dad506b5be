import { assertEquals, assertMatch } from "../support/assert.ts";
import { startExporter } from "../support/exporter.ts";
import { freePort } from "../support/free_port.ts";
import { type Finished, runExporter } from "../support/program.ts";
import { utmpFile } from "../support/utmp_file.ts";

/** A proxy that does not exist: port 1 of the loopback. */
const DEAD_PROXY = { HTTP_PROXY: "http://127.0.0.1:1", http_proxy: "http://127.0.0.1:1" };

function check(address: string, env: Readonly<Record<string, string>> = {}): Promise<Finished> {
  return runExporter(["--healthcheck", `--web.listen-address=${address}`], { env });
}

function failure(address: string, reason: string): Finished {
  const stderr = `unix-user-exporter: no healthy exporter at ${address}: ${reason}\n`;
  return { code: 1, stdout: "", stderr };
}

Deno.test("--healthcheck of a running exporter exits with 0, and uses no proxy", async () => {
  // An exporter without records is healthy: it responds.
  await using file = await utmpFile();
  await using exporter = await startExporter([file.flag]);
  const { port } = exporter;
  const expected = { code: 0, stdout: "healthy\n", stderr: "" };
  for (const address of [`127.0.0.1:${port}`, `:${port}`, `localhost:${port}`]) {
    assertEquals(await check(address), expected);
    assertEquals(await check(address, DEAD_PROXY), expected);
  }
  const env = { UUE_WEB_LISTEN_ADDRESS: `127.0.0.1:${port}` };
  assertEquals(await runExporter(["--healthcheck"], { env }), expected);
});

Deno.test("--healthcheck without a listener exits with 1, and uses no proxy", async () => {
  const address = `127.0.0.1:${freePort()}`;
  for (const env of [{}, DEAD_PROXY]) {
    const { code, stdout, stderr } = await check(address, env);
    assertEquals({ code, stdout }, { code: 1, stdout: "" });
    assertMatch(
      stderr,
      new RegExp(`^unix-user-exporter: no healthy exporter at ${address}: [^\n]*REFUSED[^\n]*\n$`),
    );
  }
});

Deno.test("--healthcheck of a server that never responds exits with 1", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const address = `127.0.0.1:${listener.addr.port}`;
  assertEquals(await check(address), failure(address, "no response in 3000 ms"));
});

Deno.test("--healthcheck of a server that returns 503 exits with 1", async () => {
  const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
  await using server = Deno.serve(options, () => new Response("busy", { status: 503 }));
  const address = `127.0.0.1:${server.addr.port}`;
  assertEquals(await check(address), failure(address, "status 503"));
});
