import { get } from "node:http";
import { SOCKET_MODE } from "../../lib/web/socket_activation.ts";
import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";
import { startExporter } from "../support/exporter.ts";
import { linesWith, messagesOf } from "../support/log_lines.ts";
import { program, testNeeding } from "../support/needs.ts";
import { runExporter } from "../support/program.ts";
import { fixture, tempDir } from "../support/temp_dir.ts";
import { within } from "../support/wait.ts";

/** Does what a socket unit of systemd does: makes the sockets, and becomes the program that gets them. */
const SOCKET_UNIT = `
import os, socket, sys
count, mode, *rest = sys.argv[1:]
paths, command = rest[:int(count)], rest[int(count):]
os.closerange(3, 32)
for number, path in enumerate(paths):
    if os.path.exists(path): os.unlink(path)
    listener = socket.socket(socket.AF_UNIX)
    os.umask(0o777 & ~int(mode, 8))
    listener.bind(path)
    listener.listen(16)
    listener.set_inheritable(True)
    assert listener.detach() == 3 + number
os.environ["LISTEN_FDS"] = count
os.environ["LISTEN_PID"] = str(os.getpid())
os.execvp(command[0], command)
`;

const PYTHON = program("python3");

const UTMP = `--utmp-path=${fixture("x86_64.utmp").pathname}`;

function socketUnit(paths: readonly string[], mode = "660"): readonly string[] {
  return ["python3", "-c", SOCKET_UNIT, String(paths.length), mode, ...paths];
}

function listenOn(paths: readonly string[]): readonly string[] {
  return paths.map((path) => `--web.listen-address=unix:${path}`);
}

/** The body of an answer over a Unix socket. */
async function ask(socketPath: string, path = "/metrics"): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  get({ socketPath, path, agent: false }, async (response) => {
    const chunks: Uint8Array[] = await Array.fromAsync(response);
    resolve(await new Blob(chunks.map((chunk) => Uint8Array.from(chunk))).text());
  }).on("error", reject);
  return await within("an answer over a Unix socket", promise);
}

testNeeding(
  [PYTHON],
  "Unix sockets from systemd are served, together with an address",
  async () => {
    await using dir = await tempDir();
    const paths = [dir.join("one.sock"), dir.join("two.sock")];
    await using exporter = await startExporter(
      [...listenOn(paths), "--web.listen-address=127.0.0.1:0", UTMP],
      { prefix: socketUnit(paths) },
    );
    for (const path of paths) {
      assertEquals(((await Deno.stat(path)).mode ?? 0) & 0o777, SOCKET_MODE);
      assertStringIncludes(await ask(path), "\nunix_users_logged_in_total 3\n");
      assertEquals(await ask(path, "/-/ready"), "Ready\n");
    }
    assertStringIncludes(await exporter.scrape(), "\nunix_users_logged_in_total 3\n");
    const { code, stderr } = await exporter.stop();
    assertEquals(code, 0);
    assertEquals(messagesOf(stderr).filter((message) => message === "listening").length, 3);
    for (const path of paths) assertStringIncludes(stderr, ` address=unix:${path}\n`);
  },
);

for (
  const [what, mode, handedOver, reason] of [
    ["that nobody handed over", "660", false, "SocketMode=0660"],
    ["that lets everybody in", "666", true, "mode 0666 gives access to others"],
  ] as const
) {
  testNeeding([PYTHON], `a Unix socket ${what} ends the program with 1 and one line`, async () => {
    await using dir = await tempDir();
    const path = dir.join("one.sock");
    const { code, stderr } = await runExporter(
      [...listenOn([path]), UTMP],
      handedOver ? { prefix: socketUnit([path], mode) } : {},
    );
    assertEquals(code, 1);
    const [line = "", ...others] = linesWith(stderr, "cannot listen");
    assertEquals([others.length, stderr.split("\n").length], [0, 2]);
    assertStringIncludes(line, ` address=unix:${path} `);
    assertStringIncludes(line, reason);
  });
}

Deno.test("a health check needs a TCP listen address", async () => {
  const { code, stderr } = await runExporter(["--healthcheck", ...listenOn(["/run/x.sock"])]);
  assertEquals(code, 1);
  assert(stderr.includes("the health check needs a TCP listen address"), stderr);
});
