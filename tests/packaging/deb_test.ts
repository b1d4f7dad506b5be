import manifest from "../../deno.json" with { type: "json" };
import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { file, program, testNeeding } from "../support/needs.ts";
import { succeed } from "../support/succeed.ts";
import { tempDir } from "../support/temp_dir.ts";
import { build } from "../support/build.ts";
import { HOMEPAGE, makePackages, nfpmNeed } from "../support/package.ts";
import { standIn } from "../support/stand_in.ts";

const NFPM = await nfpmNeed();
const NEEDS = [
  NFPM,
  ...["dpkg-deb", "lintian", "qemu-arm-static"].map(program),
  file("/lib/ld-linux-armhf.so.3"),
];

testNeeding(NEEDS, "lintian finds no error in the package", async () => {
  await using dir = await tempDir();
  // The one that can be made everywhere, as there need not be a denort.
  await build(["tools/compile-node.sh"]);
  const executable = `dist/unix-user-exporter-${manifest.version}-linux-armv7`;
  const { deb } = await makePackages(dir, executable, { arch: "armv7" });
  const findings = (await build(["lintian", "--fail-on=none", deb])).split("\n");
  assertEquals(findings.filter((line) => line.startsWith("E:")), []);
  // Node is not compiled here.
  const warnings = findings.filter((line) => line.startsWith("W:"));
  assertEquals(warnings.filter((line) => !line.endsWith("[usr/bin/unix-user-exporter]")), []);

  const contents = await succeed("dpkg-deb", "--contents", deb);
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
    "-rw-r--r-- root/root ./usr/share/doc/unix-user-exporter/examples/past-logins.conf",
    "-rw-r--r-- root/root ./usr/share/doc/unix-user-exporter/examples/unix-user-exporter-textfile.service",
    "-rw-r--r-- root/root ./usr/share/doc/unix-user-exporter/examples/unix-user-exporter-textfile.timer",
    "-rw-r--r-- root/root ./usr/share/lintian/overrides/unix-user-exporter",
    "-rw-r--r-- root/root ./usr/share/man/man8/unix-user-exporter.8.gz",
    "-rwxr-xr-x root/root ./usr/bin/unix-user-exporter",
  ]);
});

/** Debian's name of each architecture. */
const ARCHITECTURES = { x86_64: "amd64", aarch64: "arm64", armv7: "armhf" };

testNeeding(
  [NFPM, program("dpkg-deb")],
  "a Debian package says what it is, and its manual page has the date of the commit",
  async () => {
    await using dir = await tempDir();
    const { path } = await standIn(dir);
    for (const [arch, name] of Object.entries(ARCHITECTURES)) {
      const env = { SOURCE_DATE_EPOCH: "1700000000" };
      const { deb, rpm } = await makePackages(dir, path, { arch, env });
      assert(deb.endsWith(`/unix-user-exporter_${manifest.version}_${name}.deb`), deb);
      assertEquals(rpm === null, arch === "armv7");
      const field = (key: string): Promise<string> => succeed("dpkg-deb", "--field", deb, key);
      assertEquals(await field("Package"), "unix-user-exporter\n");
      assertEquals(await field("Architecture"), `${name}\n`);
      assertEquals(await field("Version"), `${manifest.version}\n`);
      assertEquals(await field("Homepage"), `${HOMEPAGE}\n`);
      assertEquals(await field("Section"), "net\n");
      assertMatch(await field("Maintainer"), /^.+ <.+@.+>$/m);
      assertMatch(
        await field("Depends"),
        arch === "armv7"
          ? /^libc6 \(>= 2\.28\), libgcc-s1, libstdc\+\+6 \(>= 9\), libatomic1$/m
          : /^libc6 \(>= 2\.27\), libgcc-s1$/m,
      );
      assertMatch(await field("Description"), /^Prometheus exporter .*\n Serves /);
      assertEquals(
        await succeed("dpkg-deb", "--info", deb, "conffiles"),
        "/etc/default/unix-user-exporter\n",
      );
      await succeed("dpkg-deb", "--extract", deb, dir.join(arch));
      const page = `${dir.join(arch)}/usr/share/man/man8/unix-user-exporter.8.gz`;
      assertMatch(await succeed("zcat", page), /^\.TH \S+ 8 "2023-11-14" "unix/);
    }
  },
);

testNeeding([NFPM, program("dpkg-deb")], "a homepage is a URL without a password", async () => {
  await using dir = await tempDir();
  const { path } = await standIn(dir);
  const sources = {
    "https://me:secret@example.org/x": "Homepage: https://example.org/x",
    "git@host:x": undefined,
  };
  for (const [SOURCE, homepage] of Object.entries(sources)) {
    const { deb } = await makePackages(dir, path, { env: { SOURCE } });
    const fields = (await succeed("dpkg-deb", "--field", deb)).split("\n");
    assertEquals(fields.find((line) => line.startsWith("Homepage")), homepage);
  }
});
