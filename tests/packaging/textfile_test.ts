// The units that write the metrics to a file for the textfile collector of node_exporter.
import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";
import { bootSystem } from "../support/booted_system.ts";
import { testNeeding } from "../support/needs.ts";
import { type Finished, programCommand, run } from "../support/program.ts";
import { seriesOf, valueOf } from "../support/samples.ts";
import { supply } from "../support/service.ts";
import { executable } from "../support/stand_in.ts";
import { systemNeeds } from "../support/system_needs.ts";
import { fixture, type TempDir, tempDir } from "../support/temp_dir.ts";
import { until } from "../support/wait.ts";

const SERVICE = "unix-user-exporter-textfile.service";
const TIMER = "unix-user-exporter-textfile.timer";
const FOLDER = "/var/lib/prometheus/node-exporter";
const FILE = "unix_users.prom";

const ROOT = new URL("../../", import.meta.url).pathname;

/** The value of a setting of the service, with the escapes of systemd undone. */
async function setting(name: string): Promise<string> {
  const text = await Deno.readTextFile(`packaging/${SERVICE}`);
  const [, value = ""] = new RegExp(`^${name}=(.*)$`, "m").exec(text) ?? [];
  return value.replaceAll("$$", "$").replace("$ARGS", '"$@"');
}

/** Runs a command of the service in a folder. */
async function runIn(
  dir: TempDir,
  command: string,
  { args = [], ...env }: { readonly args?: readonly string[]; readonly EXIT_STATUS?: string } = {},
): Promise<Finished> {
  return await run(["sh", "-c", `umask 022; cd '${dir.join(".")}'; ${command}`, "sh", ...args], {
    env,
  });
}

/** Does what systemd does after the service has ended with this status. */
async function stop(dir: TempDir, EXIT_STATUS: string): Promise<void> {
  const stopped = await runIn(dir, await setting("ExecStopPost"), { EXIT_STATUS });
  assertEquals(stopped, { code: 0, stdout: "", stderr: "" });
}

/** Runs the service in a folder, the exporter from the sources with the flags given. */
async function runService(dir: TempDir, args: readonly string[]): Promise<Finished> {
  const exporter = dir.join("exporter");
  const words = programCommand([]).map((word) => `'${word}'`).join(" ");
  await Deno.writeTextFile(exporter, `#!/bin/sh\ncd '${ROOT}' && exec ${words} "$@"\n`);
  await Deno.chmod(exporter, 0o755);
  const start = (await setting("ExecStart")).replace("/usr/bin/unix-user-exporter", exporter);
  const finished = await runIn(dir, start, { args });
  await stop(dir, String(finished.code));
  return finished;
}

/** The files that node_exporter could read, and what is left behind beside them. */
async function filesOf(dir: TempDir): Promise<readonly string[]> {
  const names = (await Array.fromAsync(Deno.readDir(dir.join(".")))).map(({ name }) => name);
  return names.filter((name) => name.includes(".prom"));
}

Deno.test("the commands of the textfile service replace the file, and keep no old sessions", async () => {
  await using dir = await tempDir();
  const path = dir.join(FILE);
  const sample = `--utmp-path=${fixture("x86_64.utmp").pathname}`;
  assertEquals((await runService(dir, [sample])).code, 0);
  assertEquals(valueOf(await Deno.readTextFile(path), "unix_users_logged_in_total"), 3);
  assertEquals(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o644);

  assertEquals((await runService(dir, ["--utmp-path=/nowhere/utmp"])).code, 1);
  const failed = await Deno.readTextFile(path);
  assertEquals(valueOf(failed, "unix_user_exporter_source_up"), 0);
  assertEquals(seriesOf(failed, "unix_users_logged_in_total"), []);

  await runService(dir, [sample]);
  assertEquals(await filesOf(dir), [FILE]);
  assertEquals((await runService(dir, ["--no-such-flag"])).code, 2);
  assertEquals(await filesOf(dir), []);
});

const ENDS = [["2", "a 1"], ["KILL", "a 1"], ["TERM", "a 1"], ["", "a 1"], ["1", ""]] as const;

for (const [status, written] of ENDS) {
  Deno.test(`a textfile service that wrote "${written}" and ended with "${status}" leaves no file`, async () => {
    await using dir = await tempDir();
    await Deno.writeTextFile(dir.join(FILE), "a 1\n");
    await Deno.writeTextFile(dir.join(`${FILE}.new`), written);
    await stop(dir, status);
    assertEquals(await filesOf(dir), []);
  });
}

testNeeding(
  await systemNeeds("trixie"),
  "the timer of Debian 13 writes the file, says what cannot be read, and removes old sessions",
  async () => {
    await using dir = await tempDir();
    const program = await executable(dir);
    await using system = await bootSystem("trixie");
    await supply(system, program, SERVICE);
    await Deno.copyFile(program.path, `${system.hostRoot}/usr/bin/unix-user-exporter`);
    const units = `${system.hostRoot}/etc/systemd/system`;
    for (const name of [SERVICE, TIMER]) {
      await Deno.copyFile(`packaging/${name}`, `${units}/${name}`);
    }
    // The default limit of starts is 5 in 10 seconds.
    const often = "[Timer]\nOnActiveSec=\nOnActiveSec=0\nOnUnitActiveSec=3s\n";
    await Deno.mkdir(`${units}/${TIMER}.d`);
    await Deno.writeTextFile(`${units}/${TIMER}.d/test.conf`, often);
    const read = (): Promise<string> => system.run(`cat ${FOLDER}/${FILE} 2>/dev/null || true`);
    const untilFile = (what: string, is: (text: string) => boolean): Promise<string> =>
      until(what, async () => {
        const text = await read();
        return is(text) ? text : null;
      });
    const settings = async (args: string): Promise<string> =>
      await system.run(`echo 'ARGS="${args}"' >/etc/default/unix-user-exporter`);

    await settings("");
    await system.run(`mkdir -p ${FOLDER} && systemctl daemon-reload && systemctl start ${TIMER}`);
    const first = await untilFile("the file", (text) => text !== "");
    assertStringIncludes(first, 'unix_user_exporter_source_up{source="logind"} 1\n');
    assertStringIncludes(first, "\nunix_users_logged_in_total 0\n");
    assertEquals(await system.run(`stat -c '%a %U' ${FOLDER}/${FILE}`), "644 root\n");
    // Debian 13 has no utmp.
    await settings("--source=utmp");
    const down = 'unix_user_exporter_source_up{source="utmp"} 0\n';
    const failed = await untilFile("a failed source", (text) => text.includes(down));
    assert(!failed.includes("unix_users_logged_in_total"));
    await settings("--no-such-flag");
    await untilFile("no file", (text) => text === "");
    await settings("");
    await untilFile("the file again", (text) => text !== "");
    assertEquals(await system.run(`ls ${FOLDER} | grep -v new`), `${FILE}\n`);
  },
);
