import manifest from "../../deno.json" with { type: "json" };
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { loader, program, testNeeding } from "../support/needs.ts";
import { run } from "../support/program.ts";
import { succeed } from "../support/succeed.ts";
import { tempDir } from "../support/temp_dir.ts";
import { build } from "../support/build.ts";
import { makePackage } from "../support/package.ts";
import { standIn } from "../support/stand_in.ts";

const NEEDS = [
  ...["dpkg-deb", "lintian", "qemu-arm-static"].map(program),
  loader("/lib/ld-linux-armhf.so.3"),
];

testNeeding(NEEDS, "lintian finds no error in the package", async () => {
  await using dir = await tempDir();
  // The one that can be made everywhere, as there need not be a denort.
  await build(["tools/compile-node.sh"]);
  const executable = `dist/unix-user-exporter-${manifest.version}-linux-armv7`;
  const archive = await makePackage(dir, executable, "armv7");
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
  const { path } = await standIn(dir);
  const names = { x86_64: "amd64", aarch64: "arm64", armv7: "armhf" };
  for (const [arch, name] of Object.entries(names)) {
    const archive = await makePackage(dir, path, arch);
    const field = (key: string): Promise<string> => succeed("dpkg-deb", "--field", archive, key);
    assertEquals(await field("Architecture"), `${name}\n`);
    assertEquals(await field("Version"), `${manifest.version}\n`);
    assertMatch(await field("Maintainer"), /^.+ <.+@.+>$/m);
    assertMatch(await field("Depends"), /^libc6 \(>= 2\.2[78]\), libgcc-s1/);
  }
});

testNeeding([program("dpkg-deb")], "make deb without a program says what to do", async () => {
  await using dir = await tempDir();
  const env = { BINARY: dir.join("none"), PACKAGE: dir.join("none.deb") };
  const { code, stdout, stderr } = await run(["make", "--silent", "deb", "ARCH=x86_64"], { env });
  assert(code !== 0);
  assertEquals(stdout, "");
  const [line, ...others] = stderr.trim().split("\n");
  assertStringIncludes(line ?? "", `no ${env.BINARY}: make it with \`make compile-all\``);
  assert(others.every((each) => each.startsWith("make")), stderr);
});

testNeeding([program("dpkg-deb")], "what is not this program is not packaged", async () => {
  await using dir = await tempDir();
  const path = dir.join("none.deb");
  const env = { BINARY: Deno.execPath(), PACKAGE: path };
  const { code, stderr } = await run(["tools/deb.sh", Deno.build.arch], { env });
  assert(code !== 0);
  assertMatch(
    stderr,
    /^tools\/check-program\.sh: \S+ is not unix-user-exporter, version .* printed: deno /,
  );
  assertEquals(await Deno.stat(path).catch(() => null), null);
});
