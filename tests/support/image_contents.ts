import manifest from "../../deno.json" with { type: "json" };
import { assert, assertEquals, assertMatch } from "./assert.ts";
import { type BuiltImage, type ImageStore, SOURCE } from "./image_store.ts";
import { run } from "./program.ts";
import { rootFileSystem } from "./root_file_system.ts";
import { succeed } from "./succeed.ts";

interface Platform {
  readonly arch: string;
  readonly platform: string;
  readonly loader: string;
  readonly triplet: string;
  /** Libraries that only this binary needs, and their packages. */
  readonly libraries?: readonly string[];
  readonly packages?: readonly string[];
}

/** The platform of each binary, and the paths of its loader and its libraries. */
export const PLATFORMS: readonly Platform[] = [
  {
    ...{ arch: "x86_64", platform: "amd64", triplet: "x86_64-linux-gnu" },
    loader: "lib64/ld-linux-x86-64.so.2",
  },
  {
    ...{ arch: "aarch64", platform: "arm64", triplet: "aarch64-linux-gnu" },
    loader: "lib/ld-linux-aarch64.so.1",
  },
  {
    ...{ arch: "armv7", platform: "arm", triplet: "arm-linux-gnueabihf" },
    loader: "lib/ld-linux-armhf.so.3",
    libraries: ["libatomic.so.1", "libstdc++.so.6"],
    packages: ["libatomic1", "libstdc++6"],
  },
];

const LIBRARIES = [
  "libc.so.6",
  "libdl.so.2",
  "libgcc_s.so.1",
  "libm.so.6",
  "libpthread.so.0",
  "librt.so.1",
];

/** Every file of the image. It has no shell, no package manager and no settings. */
function expectedFiles({ loader, triplet, libraries = [], packages = [] }: Platform): string[] {
  return [
    ...["etc/debian_version", "etc/os-release", "usr/bin/unix-user-exporter", loader],
    ...[...LIBRARIES, ...libraries].map((library) => `lib/${triplet}/${library}`),
    ...["gcc-14-base", "libc6", "unix-user-exporter"].map((name) =>
      `usr/share/doc/${name}/copyright`
    ),
    "usr/share/doc/unix-user-exporter/NOTICES",
    "usr/share/doc/unix-user-exporter/unix-user-exporter.cdx.json",
    ...["libc6", "libgcc-s1", ...packages].map((name) => `var/lib/dpkg/status.d/${name}`),
  ].sort();
}

/** The sessions of the fixture with TZ=Europe/Berlin, which needs no file of time zones. */
export const BERLIN = [
  'username="alice",from="10.0.0.50",tty="pts/1",login_time="2025-07-23 17:45"',
  'username="alice",from="192.168.1.100",tty="pts/0",login_time="2025-07-23 16:16"',
  'username="bob",from="-",tty="tty1",login_time="2025-07-23 14:30"',
].map((labels) => `unix_user_session_info{${labels}} 1`);

/**
 * Checks that scanners can identify the packages. Syft and Grype take the distribution from `ID` and
 * `VERSION_ID` of os-release, Trivy from the first line of debian_version; all of them read each file of
 * status.d as a paragraph with Package, Version and, if it has another name, Source.
 */
async function assertDistribution(root: string): Promise<void> {
  const release = await Deno.readTextFile(`${root}/etc/os-release`);
  assertMatch(release, /^ID="?debian"?$/m);
  const [, version = ""] = /^VERSION_ID="?(\d+)"?$/m.exec(release) ?? [];
  const debian = await Deno.readTextFile(`${root}/etc/debian_version`);
  assert(new RegExp(`^${version}\\.\\d+\\n$`).test(debian), `${debian} of Debian ${version}`);
  // The Debian of this version has the same packages, except for updates of its point releases.
  const database = `${await rootFileSystem("trixie")}/var/lib/dpkg`;
  const folder = `${root}/var/lib/dpkg/status.d`;
  for await (const { name } of Deno.readDir(folder)) {
    const paragraph = await Deno.readTextFile(`${folder}/${name}`);
    assert(!/\n\n/.test(paragraph), name);
    assert(paragraph.startsWith(`Package: ${name}\n`), name);
    const [, listed = ""] = /^Version: (\S+)$/m.exec(paragraph) ?? [];
    const known = await run(["dpkg-query", `--admindir=${database}`, "-Wf${Version}", name]);
    if (known.code !== 0) continue; // Only the image for armv7 has it.
    assertEquals(listed.split("-")[0], known.stdout.split("-")[0], name);
  }
}

/** Checks that the image has the list of contents of its own program. */
async function assertList(root: string, arch: string): Promise<void> {
  const path = `${root}/usr/share/doc/unix-user-exporter/unix-user-exporter.cdx.json`;
  const { components } = JSON.parse(await Deno.readTextFile(path));
  const names: readonly string[] = components.map(({ name }: { readonly name: string }) => name);
  assert(names.includes(`unix-user-exporter-linux-${arch}`), names.join(" "));
  assert(names.includes(arch === "armv7" ? "node" : "deno"), names.join(" "));
  assert(names.includes("prom-client"), names.join(" "));
}

/** Checks the files and the labels of an image; gives a container of it. */
export async function assertContents(
  { run }: ImageStore,
  { id, tags }: BuiltImage,
  platform: Platform,
): Promise<string> {
  // Docker displays it as unix-user-exporter:VERSION.
  assertEquals(tags, [`docker.io/library/unix-user-exporter:${manifest.version}`]);
  const { OCIv1, Docker } = JSON.parse(await run("buildah", "inspect", "--type=image", id));
  assertEquals(OCIv1.architecture, platform.platform);
  const { User, ExposedPorts, Entrypoint, Labels } = OCIv1.config;
  assertEquals({ User, ExposedPorts, Entrypoint }, {
    User: "65534:65534",
    ExposedPorts: { "32142/tcp": {} },
    Entrypoint: ["/usr/bin/unix-user-exporter"],
  });
  const label = (name: string): string => Labels[`org.opencontainers.image.${name}`];
  assertEquals(label("version"), manifest.version);
  assertMatch(label("revision"), /^[0-9a-f]{40}$/);
  assertEquals(label("source"), SOURCE);
  const epoch = Number(await succeed("git", "log", "-1", "--format=%ct"));
  const history = OCIv1.history.map(({ created }: { readonly created: string }) => created);
  const times = [label("created"), OCIv1.created, ...history];
  assertEquals(new Set(times.map((time) => Date.parse(time) / 1000)), new Set([epoch]));
  const command = ["CMD", "/usr/bin/unix-user-exporter", "--healthcheck"];
  assertEquals(Docker.config.Healthcheck.Test, command);

  const container = (await run("buildah", "from", id)).trim();
  const root = (await run("buildah", "mount", container)).trim();
  const listing = await run("find", root, "-not", "-type", "d", "-printf", "%P %M\n");
  const files = listing.trim().split("\n").map((line) => line.split(" "));
  assertEquals(files.map(([name = ""]) => name).sort(), expectedFiles(platform));
  const modified = await run("find", root, "-mindepth", "1", "-printf", "%Ts\\n");
  assertEquals(new Set(modified.trim().split("\n").map(Number)), new Set([epoch]));
  await assertDistribution(root);
  await assertList(root, platform.arch);
  const modes = files.map(([, mode = ""]) => mode);
  assert(modes.every((mode) => ["-rw-r--r--", "-rwxr-xr-x"].includes(mode)), `${modes}`);
  return container;
}
