import { assertEquals, assertMatch } from "../support/assert.ts";
import { startExporter } from "../support/exporter.ts";
import { freePort } from "../support/free_port.ts";
import { runExporter } from "../support/program.ts";
import { tempDir } from "../support/temp_dir.ts";

/** A proxy that nobody runs: port 1 of the loopback. */
const DEAD_PROXY = { HTTP_PROXY: "http://127.0.0.1:1", http_proxy: "http://127.0.0.1:1" };

Deno.test("--healthcheck of a running exporter exits with 0, whatever the proxy", async () => {
  await using dir = await tempDir();
  // A missing file does not make the exporter unhealthy: it answers, and says so.
  await using exporter = await startExporter([`--utmp-path=${dir.join("utmp")}`]);
  const { port } = exporter;
  const expected = { code: 0, stdout: "healthy\n", stderr: "" };
  for (const address of [`127.0.0.1:${port}`, `:${port}`, `localhost:${port}`]) {
    const args = ["--healthcheck", `--web.listen-address=${address}`];
    assertEquals(await runExporter(args), expected);
    assertEquals(await runExporter(args, { env: DEAD_PROXY }), expected);
  }
  const env = { UUE_WEB_LISTEN_ADDRESS: `127.0.0.1:${port}` };
  assertEquals(await runExporter(["--healthcheck"], { env }), expected);
});

Deno.test("--healthcheck without a listener exits with 1, whatever the proxy", async () => {
  const address = `127.0.0.1:${freePort()}`;
  const args = ["--healthcheck", `--web.listen-address=${address}`];
  for (const env of [{}, DEAD_PROXY]) {
    const { code, stdout, stderr } = await runExporter(args, { env });
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
  assertEquals(await runExporter(["--healthcheck", `--web.listen-address=${address}`]), {
    code: 1,
    stdout: "",
    stderr: `unix-user-exporter: no healthy exporter at ${address}: no response in 3000 ms\n`,
  });
});

Deno.test("--healthcheck of a server that returns 503 exits with 1", async () => {
  const onListen = (): void => {};
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen },
    () => new Response("busy", { status: 503 }),
  );
  const address = `127.0.0.1:${server.addr.port}`;
  assertEquals(await runExporter(["--healthcheck", `--web.listen-address=${address}`]), {
    code: 1,
    stdout: "",
    stderr: `unix-user-exporter: no healthy exporter at ${address}: status 503\n`,
  });
});
