import manifest from "../../deno.json" with { type: "json" };
import { assertEquals, assertMatch, assertNotEquals } from "../support/assert.ts";
import { program, testNeeding } from "../support/needs.ts";
import { seriesOf } from "../support/samples.ts";
import { tempDir } from "../support/temp_dir.ts";
import { bootSystem } from "../support/booted_system.ts";
import { systemNeeds } from "../support/system_needs.ts";
import { files, mainProcess, scrapeWith, supply, UNIT } from "../support/service.ts";
import { makeRpm, nfpmNeed } from "../support/package.ts";
import { executable } from "../support/stand_in.ts";

const NEEDS = [await nfpmNeed(), ...await systemNeeds("trixie"), program("rpm")];
const SETTINGS = "/etc/sysconfig/unix-user-exporter";

// Debian has rpm, but no packages of its own are in its database.
const RPM = "rpm --nodeps";

testNeeding(
  NEEDS,
  "the RPM installs, serves once it is enabled, also by preset, upgrades and goes, with systemd and without",
  async () => {
    await using dir = await tempDir();
    const program = await executable(dir);
    const first = await makeRpm(dir, program.path);
    const second = await makeRpm(dir, program.path, { env: { RELEASE: "2" } });
    await using system = await bootSystem("trixie");
    const { run } = system;
    const check = await supply(system, program);
    await Deno.copyFile(first, `${system.hostRoot}/first.rpm`);
    await Deno.copyFile(second, `${system.hostRoot}/second.rpm`);
    // As Fedora, RHEL and openSUSE have it.
    const presets = "/etc/systemd/system-preset";
    await run(`mkdir -p ${presets} && echo 'disable *' >${presets}/99-default-disable.preset`);
    // And these folders belong to packages of theirs.
    await run("mkdir /etc/sysconfig /usr/share/licenses");
    const before = await files(system);

    // Without systemd, as in a container: the scripts print nothing, and nothing is left.
    const steps = [
      ...["mount -t tmpfs none /run", "mount --bind /dev/null /usr/bin/systemctl"],
      ...[`${RPM} --install /first.rpm`, `${RPM} --upgrade /second.rpm`],
      ...["rpm --query unix-user-exporter", "test -x /usr/bin/unix-user-exporter"],
      `${RPM} --erase unix-user-exporter`,
    ];
    assertEquals(
      await run(`unshare --mount sh -ec '${steps.join("; ")}' 2>&1`),
      `unix-user-exporter-${manifest.version}-2.${Deno.build.arch}\n`,
    );
    assertEquals(await files(system), before);

    await run(`${RPM} --install /first.rpm 2>&1`);
    assertEquals(await run(`${RPM} --verify unix-user-exporter`), "");
    assertEquals(await run(`systemctl is-enabled ${UNIT} || true`), "disabled\n");
    assertEquals(await run(`systemctl is-active ${UNIT} || true`), "inactive\n");

    // As docs/install.md has it.
    assertMatch(
      await run(`systemctl enable --now unix-user-exporter 2>&1 && ${check}`),
      /^healthy$/m,
    );
    const scrape = await scrapeWith(system, /source_up\{/);
    assertEquals(seriesOf(scrape, "unix_user_exporter_source_up"), [
      'unix_user_exporter_source_up{source="logind"} 1',
    ]);
    await run(`echo 'ARGS="--web.telemetry-path=/other"' >${SETTINGS}`);
    await run(`systemctl restart ${UNIT}`);
    await scrapeWith(system, /^HTTP\/1\.[01] 404/);

    const old = await mainProcess(system);
    await run(`${RPM} --upgrade /second.rpm 2>&1`);
    await scrapeWith(system, /^HTTP\/1\.[01] 404/);
    assertNotEquals(await mainProcess(system), old);
    assertEquals(await run(`systemctl is-enabled ${UNIT}`), "enabled\n");

    await run(`${RPM} --erase unix-user-exporter 2>&1`);
    assertMatch(await run(`systemctl is-active ${UNIT} || true`), /^inactive|^unknown/);
    const left = (await files(system)).filter((file) => !before.includes(file));
    assertEquals(left, [`${SETTINGS}.rpmsave`]);

    // A preset of the administrator enables the service at once.
    await run(`echo 'enable ${UNIT}' >${presets}/50-exporter.preset`);
    await run(`${RPM} --install /first.rpm 2>&1`);
    assertEquals(await run(`systemctl is-enabled ${UNIT}`), "enabled\n");
    await run(`${RPM} --erase unix-user-exporter 2>&1`);
    const wants = "/etc/systemd/system/multi-user.target.wants";
    assertEquals(await run(`ls ${wants} | grep ${UNIT} || true`), "");
  },
);
