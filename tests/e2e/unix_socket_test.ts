import { SOCKET_MODE } from "../../lib/web/socket_activation.ts";
import { assertEquals, assertStringIncludes } from "../support/assert.ts";
import { startExporter } from "../support/exporter.ts";
import { get } from "../support/get.ts";
import { linesWith, messagesOf } from "../support/log_lines.ts";
import { program, testNeeding } from "../support/needs.ts";
import { runExporter } from "../support/program.ts";
import { fixture, tempDir } from "../support/temp_dir.ts";

/** Does what a socket unit of systemd does: creates the sockets and starts the program with them. */
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

const PYTHON = [program("python3")];

const UTMP = `--utmp-path=${fixture("x86_64.utmp").pathname}`;

function socketUnit(paths: readonly string[], mode = "660"): { prefix: readonly string[] } {
  return { prefix: ["python3", "-c", SOCKET_UNIT, String(paths.length), mode, ...paths] };
}

function listenOn(paths: readonly string[]): readonly string[] {
  return paths.map((path) => `--web.listen-address=unix:${path}`);
}

testNeeding(PYTHON, "Unix sockets from systemd are served, together with an address", async () => {
  await using dir = await tempDir();
  const paths = [dir.join("one.sock"), dir.join("two.sock")];
  const flags = [...listenOn(paths), "--web.listen-address=127.0.0.1:0", UTMP];
  await using exporter = await startExporter(flags, socketUnit(paths));
  for (const socketPath of paths) {
    assertEquals(((await Deno.stat(socketPath)).mode ?? 0) & 0o777, SOCKET_MODE);
    const [metrics, ready] = await Promise.all(
      ["/metrics", "/-/ready"].map((path) => get(`http://localhost${path}`, {}, { socketPath })),
    );
    assertStringIncludes(metrics?.body ?? "", "\nunix_users_logged_in_total 3\n");
    assertEquals(ready?.body, "Ready\n");
  }
  assertStringIncludes(await exporter.scrape(), "\nunix_users_logged_in_total 3\n");
  const { code, stderr } = await exporter.stop();
  assertEquals(code, 0);
  assertEquals(messagesOf(stderr).filter((message) => message === "listening").length, 3);
  for (const path of paths) assertStringIncludes(stderr, ` address=unix:${path}\n`);
});

for (
  const [what, mode, reason] of [
    ["that systemd did not pass", null, "SocketMode=0660"],
    ["with access for others", "666", "mode 0666 gives access to others"],
  ] as const
) {
  testNeeding(PYTHON, `a Unix socket ${what} ends the program with 1 and one line`, async () => {
    await using dir = await tempDir();
    const path = dir.join("one.sock");
    const flags = [...listenOn([path]), UTMP];
    const { code, stderr } = await runExporter(
      flags,
      mode === null ? {} : socketUnit([path], mode),
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
  assertStringIncludes(stderr, "the health check needs a TCP listen address");
});
