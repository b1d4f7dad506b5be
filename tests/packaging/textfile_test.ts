// The units that write the metrics to a file for the textfile collector of node_exporter.
import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";
import { bootSystem } from "../support/booted_system.ts";
import { program, testNeeding } from "../support/needs.ts";
import { type Finished, programCommand, run } from "../support/program.ts";
import { seriesOf, valueOf } from "../support/samples.ts";
import { executable } from "../support/stand_in.ts";
import { succeed } from "../support/succeed.ts";
import { systemNeeds } from "../support/system_needs.ts";
import { fixture, type TempDir, tempDir } from "../support/temp_dir.ts";
import { until } from "../support/wait.ts";

const SERVICE = "unix-user-exporter-textfile.service";
const TIMER = "unix-user-exporter-textfile.timer";
const FOLDER = "/var/lib/prometheus/node-exporter";
const FILE = "unix_users.prom";

/** The worst exposure level that the service may have, as for the service that listens. */
const EXPOSURE = 2.0;

const ROOT = new URL("../../", import.meta.url).pathname;

testNeeding([program("systemd-analyze")], "systemd finds no fault with the units", async () => {
  const units = [SERVICE, TIMER].map((name) => `packaging/${name}`);
  assertEquals(await run(["systemd-analyze", "verify", "--man=false", ...units]), {
    code: 0,
    stdout: "",
    stderr: "",
  });
  const report = await succeed(
    ...["systemd-analyze", "security", "--offline=true", "--no-pager", `packaging/${SERVICE}`],
  );
  const [, level] = /Overall exposure level for \S+: ([\d.]+)/.exec(report) ?? [];
  assert(Number(level) <= EXPOSURE, report);
});

Deno.test("the textfile service reads the same settings as the service that listens", async () => {
  const settings = await Promise.all([SERVICE, "unix-user-exporter.service"].map(async (name) => {
    const unit = await Deno.readTextFile(`packaging/${name}`);
    return unit.match(/^EnvironmentFile=.*$/gm);
  }));
  assertEquals(settings[0], settings[1]);
  assertEquals(settings[0]?.length, 2);
});

/** The value of a setting of the service, with the escapes of systemd undone. */
async function setting(name: string): Promise<string> {
  const text = await Deno.readTextFile(`packaging/${SERVICE}`);
  const [, value = ""] = new RegExp(`^${name}=(.*)$`, "m").exec(text) ?? [];
  return value.replaceAll("$$", "$").replace("$ARGS", '"$@"');
}

/** Runs the commands of the service in a folder, the exporter from the sources with the flags given. */
async function runService(dir: TempDir, args: readonly string[]): Promise<Finished> {
  const exporter = dir.join("exporter");
  const words = programCommand([]).map((word) => `'${word}'`).join(" ");
  await Deno.writeTextFile(exporter, `#!/bin/sh\ncd '${ROOT}' && exec ${words} "$@"\n`);
  await Deno.chmod(exporter, 0o755);
  const start = (await setting("ExecStart")).replace("/usr/bin/unix-user-exporter", exporter);
  const shell = async (command: string, env: Readonly<Record<string, string>>): Promise<Finished> =>
    await run(["sh", "-c", `umask 022; cd '${dir.join(".")}'; ${command}`, "sh", ...args], { env });
  const finished = await shell(start, {});
  const stopped = await shell(await setting("ExecStopPost"), {
    EXIT_STATUS: String(finished.code),
  });
  assertEquals(stopped, { code: 0, stdout: "", stderr: "" });
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

for (const status of ["2", "KILL", "TERM", ""]) {
  Deno.test(`a textfile service that ended with "${status}" leaves no file`, async () => {
    await using dir = await tempDir();
    for (const name of [FILE, `${FILE}.new`]) await Deno.writeTextFile(dir.join(name), "a 1\n");
    const command = `cd '${dir.join(".")}'; ${await setting("ExecStopPost")}`;
    assertEquals((await run(["sh", "-c", command], { env: { EXIT_STATUS: status } })).code, 0);
    assertEquals(await filesOf(dir), []);
  });
}

Deno.test("a textfile service that wrote nothing leaves no file", async () => {
  await using dir = await tempDir();
  await Deno.writeTextFile(dir.join(FILE), "a 1\n");
  await Deno.writeTextFile(dir.join(`${FILE}.new`), "");
  const command = `cd '${dir.join(".")}'; ${await setting("ExecStopPost")}`;
  assertEquals((await run(["sh", "-c", command], { env: { EXIT_STATUS: "1" } })).code, 0);
  assertEquals(await filesOf(dir), []);
});

testNeeding(
  await systemNeeds("trixie"),
  "the timer of Debian 13 writes the file, says what cannot be read, and removes old sessions",
  async () => {
    await using dir = await tempDir();
    const { path, supplies, env } = await executable(dir);
    await using system = await bootSystem("trixie");
    const put = async (to: string, from: string): Promise<void> => {
      await Deno.mkdir(`${system.hostRoot}${to.replace(/[^/]*$/, "")}`, { recursive: true });
      await Deno.copyFile(from, `${system.hostRoot}${to}`);
    };
    for (const [place, file] of supplies) await put(place, file);
    await put("/usr/bin/unix-user-exporter", path);
    const units = "/etc/systemd/system";
    for (const name of [SERVICE, TIMER]) await put(`${units}/${name}`, `packaging/${name}`);
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`).join(" ");
    // The default limit of starts is 5 in 10 seconds.
    const dropIns = {
      [SERVICE]: `[Service]\nEnvironment=${variables}\n`,
      [TIMER]: "[Timer]\nOnActiveSec=\nOnActiveSec=0\nOnUnitActiveSec=3s\n",
    };
    for (const [name, text] of Object.entries(dropIns)) {
      await Deno.mkdir(`${system.hostRoot}${units}/${name}.d`);
      await Deno.writeTextFile(`${system.hostRoot}${units}/${name}.d/test.conf`, text);
    }
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
