import { assertEquals, assertMatch } from "../support/assert.ts";
import { startExporter } from "../support/exporter.ts";
import { get } from "../support/get.ts";
import { linesWith } from "../support/log_lines.ts";
import { IPV6, testNeeding } from "../support/needs.ts";
import { runExporter } from "../support/program.ts";

for (
  const [what, addressesFor] of [
    ["a port in use", (port) => [`127.0.0.1:${port}`]],
    ["a port in use on one address, for all interfaces", (port) => [`:${port}`]],
    ["an address of another machine", () => ["192.0.2.1:0"]],
    ["a port in use beside a free one", (port) => ["127.0.0.1:0", `127.0.0.1:${port}`]],
  ] as const satisfies readonly (readonly [string, (port: number) => readonly string[]])[]
) {
  Deno.test(`${what} ends the program with 1 and one line with the address`, async () => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const addresses = addressesFor(listener.addr.port);
    const flags = addresses.map((address) => `--web.listen-address=${address}`);
    const { code, stdout, stderr } = await runExporter(flags);
    assertEquals({ code, stdout }, { code: 1, stdout: "" });
    assertEquals(linesWith(stderr, "cannot listen").length, 1, stderr);
    assertEquals(stderr.split("\n").length, 2, stderr);
    const address = RegExp.escape(addresses.at(-1) ?? "");
    assertMatch(stderr, new RegExp(` level=error .* address=${address} error=".+"`));
  });
}

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
  assertEquals(exporter.addresses.map(({ host }) => host), ["127.0.0.1", "127.0.0.2"]);
  for (const { host, port } of exporter.addresses) {
    assertEquals(await statusOf(`http://${host}:${port}`), 200);
  }
});

Deno.test("a variable can set several addresses, and a flag has priority over it", async () => {
  const env = { UUE_WEB_LISTEN_ADDRESS: "127.0.0.1:0,127.0.0.2:0" };
  for (
    const [flags, hosts] of [
      [[], ["127.0.0.1", "127.0.0.2"]],
      [["--web.listen-address=127.0.0.3:0"], ["127.0.0.3"]],
    ] as const
  ) {
    await using exporter = await startExporter(flags, { env });
    assertEquals(exporter.addresses.map(({ host }) => host), [...hosts]);
  }
});

testNeeding([IPV6], "an address without host is served on IPv4 and on IPv6", async () => {
  await using exporter = await startExporter(["--web.listen-address=:0"]);
  for (const host of ["127.0.0.1", "[::1]"]) {
    assertEquals(await statusOf(`http://${host}:${exporter.port}`), 200);
  }
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
