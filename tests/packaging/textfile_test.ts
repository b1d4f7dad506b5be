// The units that write the metrics to a file for the textfile collector of node_exporter.
import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";
import { bootSystem } from "../support/booted_system.ts";
import { testNeeding } from "../support/needs.ts";
import { valueOf } from "../support/samples.ts";
import { supply } from "../support/service.ts";
import { executable } from "../support/stand_in.ts";
import { systemNeeds } from "../support/system_needs.ts";
import { fixture, tempDir } from "../support/temp_dir.ts";
import { until } from "../support/wait.ts";

const SERVICE = "unix-user-exporter-textfile.service";
const TIMER = "unix-user-exporter-textfile.timer";
const FOLDER = "/var/lib/prometheus/node-exporter";
const FILE = "unix_users.prom";

/** Programs after whose end no sessions are known, though they leave something to read. */
const FAILURES = [
  "echo a 1; exit 2",
  "echo a 1; kill -KILL $$",
  "echo a 1; kill -TERM $$",
  "exit 1",
];

Deno.test("the textfile service reads the same settings as the service that listens", async () => {
  const settings = await Promise.all([SERVICE, "unix-user-exporter.service"].map(async (name) => {
    const unit = await Deno.readTextFile(`packaging/${name}`);
    return unit.match(/^EnvironmentFile=.*$/gm);
  }));
  assertEquals(settings[0], settings[1]);
  assertEquals(settings[0]?.length, 2);
});

testNeeding(
  await systemNeeds("trixie"),
  "the timer of Debian 13 writes the file, says what cannot be read, and leaves no file after a failure",
  async () => {
    await using dir = await tempDir();
    const program = await executable(dir);
    await using system = await bootSystem("trixie");
    await supply(system, program, SERVICE);
    const path = `${system.hostRoot}/usr/bin/unix-user-exporter`;
    await Deno.copyFile(program.path, path);
    await Deno.copyFile(fixture("x86_64.utmp"), `${system.hostRoot}/sample.utmp`);
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
    await settings("--source=utmp --utmp-path=/sample.utmp");
    await untilFile("sessions", (text) => valueOf(text, "unix_users_logged_in_total") === 3);
    // Debian 13 has no utmp.
    await settings("--source=utmp");
    const down = 'unix_user_exporter_source_up{source="utmp"} 0\n';
    const failed = await untilFile("a failed source", (text) => text.includes(down));
    assert(!failed.includes("unix_users_logged_in_total"));
    await settings("--no-such-flag");
    await untilFile("no file", (text) => text === "");
    await settings("");
    await untilFile("the file again", (text) => text !== "");

    const untilFiles = (expected: string): Promise<true> =>
      until(`the files "${expected}"`, async () => {
        return await system.run(`ls ${FOLDER}`) === expected ? true : null;
      });
    await system.run(`systemctl stop ${TIMER}`);
    await untilFiles(`${FILE}\n`);
    for (const failure of FAILURES) {
      await system.run(`echo a 1 >${FOLDER}/${FILE}`);
      await Deno.remove(path);
      await Deno.writeTextFile(path, `#!/bin/sh\n${failure}\n`, { mode: 0o755 });
      await system.run(
        `systemctl reset-failed ${SERVICE}; systemctl start ${SERVICE} 2>&1 || true`,
      );
      await untilFiles("");
    }
  },
);
