import { assertEquals } from "../assert.ts";
import { get } from "./get.ts";
import { Peer } from "./peer.ts";
import { fixture } from "./temp_dir.ts";

Deno.test("a program that listens answers, and cannot connect any more", async () => {
  await using program = new Peer([
    ...[Deno.execPath(), "run", "-q", "-P", "--no-prompt", "--frozen"],
    "tests/e2e/connecting_exporter.ts",
    "--web.listen-address=127.0.0.1:0",
    `--utmp-path=${fixture("x86_64.utmp").pathname}`,
  ]);
  const [, port] = await program.printed(/msg=listening address=127\.0\.0\.1:(\d+)\n/);
  await program.printed(/reading sessions/);
  await program.type(`${port}\n`);
  const [, outcome] = await program.printed(/^connecting: (.+)$/m);
  assertEquals(outcome, "NotCapable");
  assertEquals((await get(`http://127.0.0.1:${port}/metrics`)).status, 200);
});
