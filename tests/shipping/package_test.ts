import manifest from "../../deno.json" with { type: "json" };
import { assertEquals, assertMatch } from "../assert.ts";
import { program, testNeeding } from "../e2e/needs.ts";
import { succeed } from "../e2e/succeed.ts";
import { tempDir } from "../e2e/temp_dir.ts";
import { build } from "./build.ts";
import { makePackage } from "./package.ts";

const NEEDS = [program("dpkg-deb"), program("lintian")];

testNeeding(NEEDS, "lintian finds no error in the package", async () => {
  await using dir = await tempDir();
  // Deno stands for the compiled program: an executable for the same machine, of the same kind.
  const archive = await makePackage(dir, Deno.execPath());
  const findings = (await build(["lintian", "--fail-on=none", archive])).split("\n");
  assertEquals(findings.filter((line) => line.startsWith("E:")), []);

  const contents = await succeed("dpkg-deb", "--contents", archive);
  const files = contents.split("\n").filter((line) => line.startsWith("-"))
    .map((line) => line.split(/\s+/).filter((_, i) => [0, 1, 5].includes(i)).join(" "));
  assertEquals(files.sort(), [
    "-rw-r--r-- root/root ./etc/default/unix-user-exporter",
    "-rw-r--r-- root/root ./usr/lib/systemd/system/unix-user-exporter.service",
    "-rw-r--r-- root/root ./usr/share/doc/unix-user-exporter/NEWS.gz",
    "-rw-r--r-- root/root ./usr/share/doc/unix-user-exporter/NOTICES.gz",
    "-rw-r--r-- root/root ./usr/share/doc/unix-user-exporter/changelog.gz",
    "-rw-r--r-- root/root ./usr/share/doc/unix-user-exporter/copyright",
    "-rw-r--r-- root/root ./usr/share/doc/unix-user-exporter/examples/host.conf",
    "-rw-r--r-- root/root ./usr/share/lintian/overrides/unix-user-exporter",
    "-rw-r--r-- root/root ./usr/share/man/man8/unix-user-exporter.8.gz",
    "-rwxr-xr-x root/root ./usr/bin/unix-user-exporter",
  ]);
});

testNeeding([program("dpkg-deb")], "there is a package for each architecture", async () => {
  await using dir = await tempDir();
  const names = { x86_64: "amd64", aarch64: "arm64", armv7: "armhf" };
  for (const [arch, name] of Object.entries(names)) {
    const archive = await makePackage(dir, "LICENSE", arch);
    const field = (key: string): Promise<string> => succeed("dpkg-deb", "--field", archive, key);
    assertEquals(await field("Architecture"), `${name}\n`);
    assertEquals(await field("Version"), `${manifest.version}\n`);
    assertMatch(await field("Maintainer"), /^.+ <.+@.+>$/m);
    assertMatch(await field("Depends"), /^libc6 \(>= 2\.2[78]\), libgcc-s1/);
  }
});
