import { CHUNK_SIZE, FOREGROUND_CHUNKS } from "../../lib/history/record_follower.ts";
import { assertEquals } from "../support/assert.ts";
import { appendRecords } from "../support/append_records.ts";
import { encodeUtmp } from "../support/encode_utmp.ts";
import { btmpSource, failuresOf, sshFailures } from "../support/history.ts";
import { type Need, program, testNeeding } from "../support/needs.ts";
import { command, run } from "../support/program.ts";
import { tempDir } from "../support/temp_dir.ts";
import { SETPRIV, UNPRIVILEGED } from "../support/unprivileged.ts";

const [ONE = {}] = sshFailures("192.0.2.1");

/** The number of failed logins, or the reason of a failure, as a process of its own reads it. */
async function readAlone(path: string, prefix: readonly string[] = []): Promise<string> {
  const deno = [Deno.execPath(), "run", "-q", "-P", "--no-prompt", "--frozen"];
  const { code, stdout, stderr } = await run([
    ...[...prefix, ...deno, "tests/support/history_reader.ts", path],
  ]);
  assertEquals([code, stderr], [0, ""]);
  return stdout.trim();
}

for (
  const [what, expected, needs, prefix, arrange] of [
    ["a file", "2", [], [], (path) => Deno.writeFile(path, encodeUtmp("384le", [ONE, ONE]))],
    ["an empty file", "0", [], [], (path) => Deno.writeFile(path, new Uint8Array())],
    ["no file", "missing", [], [], async () => {}],
    ["a directory", "not_regular", [], [], (path) => Deno.mkdir(path)],
    ["a FIFO that nobody writes to", "not_regular", [program("mkfifo")], [], async (path) => {
      assertEquals((await run(["mkfifo", path])).code, 0);
    }],
    [
      "a link to a device without end",
      "not_regular",
      [],
      [],
      (path) => Deno.symlink("/dev/zero", path),
    ],
    [
      "a file without permission",
      "denied",
      [SETPRIV],
      UNPRIVILEGED,
      (path) => Deno.writeFile(path, encodeUtmp("384le", [ONE]), { mode: 0o000 }),
    ],
    ["text", "malformed", [], [], (path) => Deno.writeTextFile(path, "no records\n".repeat(99))],
  ] as readonly (readonly [
    what: string,
    expected: string,
    needs: readonly Need[],
    prefix: readonly string[],
    arrange: (path: string) => Promise<void>,
  ])[]
) {
  testNeeding(
    needs,
    `${what} as btmp with the permissions of the program: ${expected}`,
    async () => {
      await using dir = await tempDir();
      const path = dir.join("btmp");
      await arrange(path);
      assertEquals(await readAlone(path, prefix), expected);
    },
  );
}

Deno.test("a real file is followed while it appears, grows, is renamed, is cut off and is removed", async () => {
  await using dir = await tempDir();
  const path = dir.join("btmp");
  const source = btmpSource(Deno, { path });
  const read = async (): Promise<number | string | null> =>
    failuresOf(await source.read({ waits: true }));
  assertEquals(await read(), "missing");
  await Deno.writeFile(path, new Uint8Array());
  assertEquals(await read(), 0);
  assertEquals(await appendRecords(path, [ONE, ONE, ONE]), 3);
  assertEquals(await read(), 3);
  await appendRecords(path, [ONE]);
  await Deno.rename(path, `${path}.1`);
  await Deno.writeFile(path, encodeUtmp("384le", [ONE, ONE]));
  assertEquals([await read(), await read()], [4, 2]);
  await Deno.truncate(path);
  assertEquals(await read(), 0);
  await appendRecords(path, [ONE]);
  assertEquals(await read(), 1);
  await Deno.remove(path);
  assertEquals(await read(), "missing");
  await Deno.writeFile(path, new Uint8Array());
  await read();
  await Deno.remove(path);
});

Deno.test("a large real file has no data until the end of the pass", async () => {
  await using dir = await tempDir();
  const path = dir.join("btmp");
  const count = Math.ceil(FOREGROUND_CHUNKS * CHUNK_SIZE / 384) + 1_000;
  await Deno.writeFile(path, encodeUtmp("384le", Array.from({ length: count }, () => ONE)));
  const source = btmpSource(Deno, { path });
  assertEquals(failuresOf(await source.read({ waits: false })), null);
  assertEquals(failuresOf(await source.read({ waits: true })), count);
});

testNeeding(
  [program("lastb")],
  "lastb lists as many failed logins",
  async () => {
    await using dir = await tempDir();
    const path = dir.join("btmp");
    const records = sshFailures(...Array.from({ length: 40 }, (_, i) => `192.0.2.${i}`));
    await Deno.writeFile(
      path,
      encodeUtmp("384le", [
        ...records,
        { type: "login_process", line: "tty1", user: "(unknown)", seconds: 1_753_273_900 },
        { type: "user_process", line: ":0", host: ":0", user: "ann", seconds: 1_753_273_900 },
      ]),
    );
    const { stdout } = await command(["lastb", "-f", path]).output();
    const lines = new TextDecoder().decode(stdout).split("\n").filter((line) =>
      line !== "" && !line.startsWith("btmp")
    );
    assertEquals(await readAlone(path), String(lines.length));
  },
);
