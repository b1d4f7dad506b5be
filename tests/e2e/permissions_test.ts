import { assertEquals } from "../support/assert.ts";
import { get } from "../support/get.ts";
import { Peer } from "../support/peer.ts";
import { fixture, tempDir } from "../support/temp_dir.ts";
import { webConfigPath, writeWebConfig } from "../support/web_config_file.ts";

Deno.test("with a web configuration, the program responds, and has no permission to connect", async () => {
  await using dir = await tempDir();
  await writeWebConfig(dir, {});
  await using program = new Peer([
    ...[Deno.execPath(), "run", "-q", "-P", "--no-prompt", "--frozen"],
    "tests/support/connecting_exporter.ts",
    "--web.listen-address=127.0.0.1:0",
    `--utmp-path=${fixture("x86_64.utmp").pathname}`,
    `--web.config.file=${webConfigPath(dir)}`,
  ]);
  const [, port] = await program.printed(/msg=listening address=127\.0\.0\.1:(\d+)\n/);
  await program.printed(/reading sessions/);
  await program.type(`${port}\n`);
  const [, outcome] = await program.printed(/^connecting: (.+)$/m);
  assertEquals(outcome, "NotCapable");
  assertEquals((await get(`http://127.0.0.1:${port}/metrics`)).status, 200);
});
