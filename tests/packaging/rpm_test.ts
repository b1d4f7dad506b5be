import manifest from "../../deno.json" with { type: "json" };
import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { program, testNeeding } from "../support/needs.ts";
import { run } from "../support/program.ts";
import { succeed } from "../support/succeed.ts";
import { tempDir } from "../support/temp_dir.ts";
import { HOMEPAGE, makeRpm, nfpmNeed } from "../support/package.ts";
import { standIn } from "../support/stand_in.ts";

const NEEDS = [await nfpmNeed(), program("rpm")];
const UNIT = "unix-user-exporter.service";
const SETTINGS = "/etc/sysconfig/unix-user-exporter";
const EPOCH = "1700000000";

async function rpm(...words: readonly string[]): Promise<readonly string[]> {
  return (await succeed("rpm", ...words)).trim().split("\n");
}

testNeeding(NEEDS, "an RPM says what it is", async () => {
  await using dir = await tempDir();
  const { path } = await standIn(dir);
  for (const arch of ["x86_64", "aarch64"]) {
    const env = { SOURCE_DATE_EPOCH: EPOCH };
    const file = await makeRpm(dir, path, { arch, env });
    assert(file.endsWith(`/unix-user-exporter-${manifest.version}-1.${arch}.rpm`), file);
    const tags = "%{NAME} %{VERSION} %{RELEASE} %{ARCH} %{OS} %{LICENSE} %{URL} %{BUILDHOST}";
    assertEquals(await rpm("-qp", "--queryformat", `${tags} %{BUILDTIME}`, file), [
      `unix-user-exporter ${manifest.version} 1 ${arch} linux MIT ${HOMEPAGE} reproducible ${EPOCH}`,
    ]);
    assertMatch((await rpm("-qp", "--queryformat", "%{PACKAGER}", file)).join(), /^.+ <.+@.+>$/);
    const requires = await rpm("-qp", "--requires", file);
    assertEquals(requires.filter((line) => !line.startsWith("rpmlib(")).sort(), [
      "libc.so.6(GLIBC_2.27)(64bit)",
      "libgcc_s.so.1()(64bit)",
      "systemd",
    ]);
    const format = "[%{FILEMODES:perms} %{FILEUSERNAME}:%{FILEGROUPNAME} %{FILENAMES} " +
      "%{FILEFLAGS:fflags} %{FILEMTIMES}\n]";
    // c is a configuration file, n noreplace, d a document, l a licence.
    assertEquals(await rpm("-qp", "--queryformat", format, file), [
      `-rw-r--r-- root:root ${SETTINGS} cn ${EPOCH}`,
      `-rwxr-xr-x root:root /usr/bin/unix-user-exporter  ${EPOCH}`,
      `-rw-r--r-- root:root /usr/lib/systemd/system/${UNIT}  ${EPOCH}`,
      `drwxr-xr-x root:root /usr/share/doc/unix-user-exporter  ${EPOCH}`,
      `-rw-r--r-- root:root /usr/share/doc/unix-user-exporter/CHANGELOG.md d ${EPOCH}`,
      `drwxr-xr-x root:root /usr/share/doc/unix-user-exporter/examples  ${EPOCH}`,
      ...[
        "host.conf",
        "past-logins.conf",
        `unix-user-exporter-textfile.service`,
        `unix-user-exporter-textfile.timer`,
      ].map((
        name,
      ) => `-rw-r--r-- root:root /usr/share/doc/unix-user-exporter/examples/${name} d ${EPOCH}`),
      `drwxr-xr-x root:root /usr/share/licenses/unix-user-exporter  ${EPOCH}`,
      `-rw-r--r-- root:root /usr/share/licenses/unix-user-exporter/LICENSE l ${EPOCH}`,
      `-rw-r--r-- root:root /usr/share/licenses/unix-user-exporter/NOTICES l ${EPOCH}`,
      `-rw-r--r-- root:root /usr/share/man/man8/unix-user-exporter.8.gz d ${EPOCH}`,
    ]);
    // No file has capabilities.
    const capabilities = await rpm("-qp", "--filecaps", file);
    assertEquals(capabilities.map((line) => line.split("\t")[1] ?? "").join(""), "");
    // The digests of header and files, which `dnf` and `zypper` check too.
    assertEquals(await rpm("-K", file), [`${file}: digests OK`]);
  }
});

testNeeding([...NEEDS, program("rpmlint")], "rpmlint finds nothing in the RPM", async () => {
  await using dir = await tempDir();
  const { path } = await standIn(dir);
  const file = await makeRpm(dir, path);
  const { stdout } = await run(["rpmlint", "--config", "packaging/rpmlint.toml", file]);
  assertMatch(stdout, /1 packages and 0 specfiles checked/);
  const findings = stdout.split("\n").filter((line) =>
    /^unix-user-exporter\S*: [EWI]: /.test(line)
  );
  // The stand-in for the program is a script.
  const ofScript = / E: (no-binary|wrong-script-interpreter \/usr\/bin\/unix-user-exporter .*)$/;
  assertEquals(findings.filter((line) => !ofScript.test(line)), []);
});
