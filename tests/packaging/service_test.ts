import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "../support/assert.ts";
import { selfSigned } from "../support/certificates.ts";
import { codeBlocks } from "../support/markdown.ts";
import { program, testNeeding } from "../support/needs.ts";
import { run as runHere } from "../support/program.ts";
import { seriesOf, valueOf } from "../support/samples.ts";
import { tempDir } from "../support/temp_dir.ts";
import { until } from "../support/wait.ts";
import { type BootedSystem, bootSystem, TEST_USER } from "../support/booted_system.ts";
import { systemNeeds } from "../support/system_needs.ts";
import { DROP_INS, files, mainProcess, scrapeWith, supply, UNIT } from "../support/service.ts";
import { makePackages, nfpmNeed } from "../support/package.ts";
import { executable } from "../support/stand_in.ts";

const NEEDS = [
  await nfpmNeed(),
  ...await systemNeeds("trixie"),
  ...["dpkg-deb", "curl"].map(program),
];

/** Waits for a unit that has failed, and that nothing starts again. */
async function untilFailed({ run }: BootedSystem, result: string): Promise<void> {
  await until(
    "the failure of the unit",
    async () => (await run(`systemctl is-failed ${UNIT} || true`)) === "failed\n" ? true : null,
  );
  assertMatch(await run(`systemctl show -P Result ${UNIT}`), new RegExp(`^(${result})$`, "m"));
}

testNeeding(
  NEEDS,
  "the package of Debian 13 installs, serves as its own user, upgrades, and goes",
  async () => {
    await using dir = await tempDir();
    const program = await executable(dir);
    const { deb } = await makePackages(dir, program.path);
    const next = await makePackages(dir, program.path, { env: { RELEASE: "2" } });
    await using system = await bootSystem("trixie");
    const { run } = system;
    const check = await supply(system, program);
    await Deno.copyFile(deb, `${system.hostRoot}/package.deb`);
    await Deno.copyFile(next.deb, `${system.hostRoot}/next.deb`);
    const before = await files(system);

    // As README has it; the check waits for a service that is about to listen.
    assertMatch(await run(`dpkg -i /package.deb 2>&1 && ${check}`), /^healthy$/m);
    assertEquals(await run("dpkg --verify unix-user-exporter"), "");
    assertEquals((await run(`systemctl is-enabled ${UNIT}`)).trim(), "enabled");
    const first = await scrapeWith(system, /source_up\{/);
    assertEquals(seriesOf(first, "unix_user_exporter_source_up"), [
      'unix_user_exporter_source_up{source="logind"} 1',
    ]);
    assertEquals(valueOf(first, "unix_users_logged_in_total"), 0);
    const status = await run(`cat /proc/${await mainProcess(system)}/status`);
    // The range of DynamicUser=, see systemd.exec(5).
    const uid = Number(/^Uid:\s+(\d+)/m.exec(status)?.[1]);
    assert(61_184 <= uid && uid <= 65_519, `the service runs as ${uid}`);
    assertMatch(status, /^CapEff:\s+0+$/m);
    assertMatch(status, /^NoNewPrivs:\s+1$/m);

    await using typist = await system.login({ terminal: true });
    const session = `username="${TEST_USER}",from="127.0.0.1"`;
    const seen = await scrapeWith(system, new RegExp(session));
    assertEquals(valueOf(seen, "unix_users_logged_in_total"), 1);
    assertEquals(seriesOf(seen, "unix_stale_sessions"), []);

    // The drop-in that the package brings shows processes and terminals too.
    const example = "/usr/share/doc/unix-user-exporter/examples/host.conf";
    await run(`cp ${example} ${DROP_INS}/ && systemctl daemon-reload`);
    await run(`systemctl restart ${UNIT}`);
    const more = await scrapeWith(system, new RegExp(`idle_seconds\\{${session}`));
    assertEquals(valueOf(more, "unix_stale_sessions"), 0);
    assertMatch(more, new RegExp(`session_info\\{${session},tty="${typist.tty}"`));
    await run(`rm ${DROP_INS}/host.conf && systemctl daemon-reload`);

    // The other drop-in adds the group that may read btmp.
    assertMatch(await run("stat -c '%U:%G %A' /var/log/btmp"), /^root:utmp -rw-rw----$/m);
    await run(`cp ${example.replace("host", "past-logins")} ${DROP_INS}/`);
    await run(`systemctl daemon-reload && systemctl restart ${UNIT}`);
    const past = await scrapeWith(system, /source_up\{source="btmp"\}/);
    assertMatch(past, /source_up\{source="btmp"\} 1$/m);
    await run(`rm ${DROP_INS}/past-logins.conf && systemctl daemon-reload`);

    await run("echo 'ARGS=\"--web.telemetry-path=/other\"' >/etc/default/unix-user-exporter");
    await run(`systemctl restart ${UNIT}`);
    await scrapeWith(system, /^HTTP\/1\.[01] 404/);

    // A typo in the settings: one start, one line that says why, and a unit that shows as failed.
    const settings = "/etc/default/unix-user-exporter";
    await run(
      `echo 'ARGS="--web.telemetry-pth=/x"' >${settings} && systemctl restart ${UNIT}`,
    );
    await untilFailed(system, "exit-code");
    assertEquals(await run(`systemctl show -P NRestarts -P ExecMainStatus ${UNIT}`), "0\n2\n");
    await until("the reason in the journal", async () => {
      const journal = await run(`journalctl --quiet --unit=${UNIT}`);
      return /unknown flag.*telemetry-pth/.test(journal) ? true : null;
    });
    // What a restart could mend is tried until the limit; the pause is shorter here.
    await run(`printf '[Service]\nRestartSec=100ms\n' >${DROP_INS}/hurry.conf`);
    await run(`echo 'ARGS="--web.listen-address=192.0.2.1:1"' >${settings}`);
    await run(`systemctl daemon-reload && systemctl reset-failed ${UNIT}`);
    await run(`systemctl restart ${UNIT}`);
    await untilFailed(system, "start-limit-hit|exit-code");
    assertEquals(await run(`systemctl show -P NRestarts ${UNIT}`), "10\n");
    await run(`rm ${DROP_INS}/hurry.conf && systemctl daemon-reload`);
    // A Unix socket, as docs/install.md has it.
    const [, socketSection = ""] = (await Deno.readTextFile("docs/install.md"))
      .split("\n## Unix sockets\n");
    const socketUnit = /^# (\/etc\/\S+\.socket)\n([^`]+)/m.exec(socketSection);
    const [, socketPath = "", socketText = ""] = socketUnit ?? [];
    await Deno.writeTextFile(`${system.hostRoot}${socketPath}`, socketText);
    // The service runs, as that of somebody who has just installed the package.
    await run(`>${settings}; systemctl reset-failed ${UNIT} && systemctl start ${UNIT}`);
    await run(`echo 'UUE_WEB_LISTEN_ADDRESS="unix:/run/unix-user-exporter.sock"' >${settings}`);
    const steps = codeBlocks(socketSection.split("\n## ")[0] ?? "", "sh")
      .filter((line) => line.startsWith("sudo systemctl "));
    assertEquals(steps.length, 3);
    for (const step of steps) await run(`${step.replaceAll("sudo ", "")} 2>&1`);
    await until("an answer over the socket", async () => {
      const ask = [
        "curl",
        "--silent",
        "--unix-socket",
        `${system.hostRun}/unix-user-exporter.sock`,
      ];
      return (await runHere([...ask, "http://localhost/metrics"])).stdout.includes("source_up{") ||
        null;
    });
    await run(`systemctl stop ${UNIT} && systemctl disable --now unix-user-exporter.socket 2>&1`);
    await run(`rm ${socketPath}`);
    await run("systemctl daemon-reload");

    // A web configuration with a key that only root and a group can read, as docs/tls.md has it.
    const tls = await Deno.readTextFile("docs/tls.md");
    await Deno.mkdir(`${system.hostRoot}/tls`);
    const { cert, key } = await selfSigned(dir, "server");
    await Deno.copyFile(cert, `${system.hostRoot}/tls/server.pem`);
    await Deno.copyFile(key, `${system.hostRoot}/tls/server.key`);
    const [, webConfig = ""] = /^```yaml\n([^]*?)^```$/m.exec(tls) ?? [];
    await Deno.writeTextFile(`${system.hostRoot}/tls/web-config.yml`, webConfig);
    const commands = codeBlocks(tls, "sh").filter((line) => /^sudo (groupadd|install) /.test(line));
    assertEquals(commands.length, 3);
    for (const line of commands) await run(`cd /tls && ${line.replace("sudo ", "")}`);
    const [, dropIn = "", dropInText = ""] = /^# (\/etc\/\S+\/tls\.conf)\n([^`]+)/m.exec(tls) ?? [];
    await Deno.writeTextFile(`${system.hostRoot}${dropIn}`, dropInText);
    await run(`>${settings}; systemctl daemon-reload && systemctl restart ${UNIT}`);
    const webConfigFlag = "--web.config.file=/etc/unix-user-exporter/web-config.yml";
    assertStringIncludes(tls, `--healthcheck ${webConfigFlag}\n`);
    assertEquals(await run(`${check} ${webConfigFlag}`), "healthy\n");
    await run(`rm -r ${dropIn} /etc/unix-user-exporter /tls; groupdel unix-users-tls`);

    await run(`systemctl daemon-reload && systemctl restart ${UNIT}`);
    await scrapeWith(system, /^HTTP\/1\.[01] 200/);

    // An upgrade restarts the service and keeps what the administrator decided.
    await run(`echo '# mine' >>${settings}; systemctl disable ${UNIT} 2>&1`);
    const old = await mainProcess(system);
    await run("dpkg -i /next.deb 2>&1");
    await scrapeWith(system, /^HTTP\/1\.[01] 200/);
    assertNotEquals(await mainProcess(system), old);
    assertEquals(await run(`systemctl is-enabled ${UNIT} || true`), "disabled\n");
    assertMatch(await run(`cat ${settings}`), /^# mine$/m);
    await run(`systemctl enable ${UNIT} 2>&1`);

    await run("dpkg -r unix-user-exporter 2>&1");
    assertMatch(await run(`systemctl is-active ${UNIT} || true`), /^inactive|^unknown/);
    const left = (await files(system)).filter((file) => !before.includes(file));
    // The settings, and whether the service was enabled, as for every package: a new one takes them up.
    const state = "/var/lib/systemd/deb-systemd-helper-enabled";
    assertEquals(left, [
      "/etc/default/unix-user-exporter",
      `/etc/systemd/system/multi-user.target.wants/${UNIT}`,
      `${state}/multi-user.target.wants/${UNIT}`,
      `${state}/${UNIT}.dsh-also`,
    ]);
    await run("dpkg -P unix-user-exporter 2>&1");
    assertEquals((await files(system)).filter((file) => !before.includes(file)), []);
  },
);
