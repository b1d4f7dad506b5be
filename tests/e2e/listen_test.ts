import { assertEquals, assertMatch } from "../support/assert.ts";
import { startExporter } from "../support/exporter.ts";
import { get } from "../support/get.ts";
import { linesWith } from "../support/log_lines.ts";
import { IPV6, testNeeding } from "../support/needs.ts";
import { type Finished, runExporter } from "../support/program.ts";

/** The port of a listener of this test, which the program cannot have. */
function taken(): Deno.TcpListener {
  return Deno.listen({ hostname: "127.0.0.1", port: 0 });
}

/** Holds that a run ended with exit code 1 and one line, which names the address and the reason. */
function assertCannotListen({ code, stdout, stderr }: Finished, address: string): void {
  assertEquals({ code, stdout }, { code: 1, stdout: "" });
  assertEquals(linesWith(stderr, "cannot listen").length, 1, stderr);
  assertEquals(stderr.split("\n").length, 2, stderr);
  assertMatch(stderr, new RegExp(` level=error .* address=${RegExp.escape(address)} error=".+"`));
}

Deno.test("a port in use ends the program with 1 and one line with the address", async () => {
  using listener = taken();
  const address = `127.0.0.1:${listener.addr.port}`;
  assertCannotListen(await runExporter([`--web.listen-address=${address}`]), address);
});

Deno.test("a port in use on one address of the machine is in use for all interfaces", async () => {
  using listener = taken();
  const address = `:${listener.addr.port}`;
  assertCannotListen(await runExporter([`--web.listen-address=${address}`]), address);
});

Deno.test("an address of another machine ends the program with 1 and one line", async () => {
  const address = "192.0.2.1:0";
  assertCannotListen(await runExporter([`--web.listen-address=${address}`]), address);
});

Deno.test("one address that cannot be used ends the program, even if another can", async () => {
  using listener = taken();
  const address = `127.0.0.1:${listener.addr.port}`;
  assertCannotListen(
    await runExporter(["--web.listen-address=127.0.0.1:0", `--web.listen-address=${address}`]),
    address,
  );
});

Deno.test("DENO_SERVE_ADDRESS is refused", async () => {
  for (const address of ["tcp:127.0.0.1:0", "duplicate,tcp:127.0.0.1:0"]) {
    const { code, stderr } = await runExporter([], { env: { DENO_SERVE_ADDRESS: address } });
    assertEquals(code, 2);
    assertMatch(stderr, /^unix-user-exporter: DENO_SERVE_ADDRESS is set; [^\n]*\n$/);
  }
});

/** The status of the health check at a URL. */
async function statusOf(origin: string): Promise<number> {
  return (await get(`${origin}/-/healthy`)).status;
}

Deno.test("all listen addresses are served", async () => {
  await using exporter = await startExporter([
    "--web.listen-address=127.0.0.1:0",
    "--web.listen-address=127.0.0.2:0",
  ]);
  const { addresses } = exporter;
  assertEquals(addresses.map(({ host }) => host), ["127.0.0.1", "127.0.0.2"]);
  for (const { host, port } of addresses) {
    assertEquals(await statusOf(`http://${host}:${port}`), 200);
  }
});

Deno.test("a variable can set several addresses, and a flag has priority over it", async () => {
  const env = { UUE_WEB_LISTEN_ADDRESS: "127.0.0.1:0,127.0.0.2:0" };
  await using byVariable = await startExporter([], { env });
  assertEquals(byVariable.addresses.map(({ host }) => host), ["127.0.0.1", "127.0.0.2"]);
  await using byFlag = await startExporter(["--web.listen-address=127.0.0.3:0"], { env });
  assertEquals(byFlag.addresses.map(({ host }) => host), ["127.0.0.3"]);
});

testNeeding([IPV6], "an address without host is served on IPv4 and on IPv6", async () => {
  await using exporter = await startExporter(["--web.listen-address=:0"]);
  const { port } = exporter;
  assertEquals(await statusOf(`http://127.0.0.1:${port}`), 200);
  assertEquals(await statusOf(`http://[::1]:${port}`), 200);
});

testNeeding([IPV6], "an IPv6 address in brackets is served on IPv6 alone", async () => {
  await using exporter = await startExporter(["--web.listen-address=[::1]:0"]);
  const { addresses, port } = exporter;
  assertEquals(addresses.map(({ host }) => host), ["[::1]"]);
  assertEquals(await statusOf(`http://[::1]:${port}`), 200);
  const refused = await Deno.connect({ hostname: "127.0.0.1", port }).then(
    (connection) => connection.close(),
    (error: unknown) => error instanceof Deno.errors.ConnectionRefused,
  );
  assertEquals(refused, true);
});
