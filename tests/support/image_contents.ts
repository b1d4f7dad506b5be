import manifest from "../../deno.json" with { type: "json" };
import { assert, assertEquals, assertMatch } from "./assert.ts";
import { run } from "./program.ts";
import { rootFileSystem } from "./root_file_system.ts";
import { succeed } from "./succeed.ts";
import { type BuiltImage, type ImageStore, SOURCE } from "./image_store.ts";

const LIBRARIES = [
  "libc.so.6",
  "libdl.so.2",
  "libgcc_s.so.1",
  "libm.so.6",
  "libpthread.so.0",
  "librt.so.1",
];

/** The platform of each binary, and where its loader and its libraries are. */
export const PLATFORMS = [
  {
    arch: "x86_64",
    platform: "amd64",
    loader: "lib64/ld-linux-x86-64.so.2",
    triplet: "x86_64-linux-gnu",
    more: [],
    packages: [],
  },
  {
    arch: "aarch64",
    platform: "arm64",
    loader: "lib/ld-linux-aarch64.so.1",
    triplet: "aarch64-linux-gnu",
    more: [],
    packages: [],
  },
  {
    arch: "armv7",
    platform: "arm",
    loader: "lib/ld-linux-armhf.so.3",
    triplet: "arm-linux-gnueabihf",
    more: ["libatomic.so.1", "libstdc++.so.6"],
    packages: ["libatomic1", "libstdc++6"],
  },
] as const;

/** Every file of the image. There is no shell, no package manager and no setting among them. */
function expectedFiles(
  { loader, triplet, more, packages }: typeof PLATFORMS[number],
): readonly string[] {
  return [
    ...["etc/debian_version", "etc/os-release"],
    loader,
    ...[...LIBRARIES, ...more].map((library) => `lib/${triplet}/${library}`),
    "usr/bin/unix-user-exporter",
    ...["gcc-14-base", "libc6", "unix-user-exporter"].map((name) =>
      `usr/share/doc/${name}/copyright`
    ),
    "usr/share/doc/unix-user-exporter/NOTICES",
    "usr/share/doc/unix-user-exporter/unix-user-exporter.cdx.json",
    ...["libc6", "libgcc-s1", ...packages].map((name) => `var/lib/dpkg/status.d/${name}`),
  ].sort();
}

/** What the fixture shows in Berlin: the time zones are known without a file of them. */
export const BERLIN = [
  'unix_user_session_info{username="alice",from="10.0.0.50",tty="pts/1",login_time="2025-07-23 17:45"} 1',
  'unix_user_session_info{username="alice",from="192.168.1.100",tty="pts/0",login_time="2025-07-23 16:16"} 1',
  'unix_user_session_info{username="bob",from="-",tty="tty1",login_time="2025-07-23 14:30"} 1',
];

/**
 * Makes sure that scanners know whose packages are listed. Syft and Grype take the distribution from `ID` and
 * `VERSION_ID` of os-release, Trivy from the first line of debian_version; all of them read each file of
 * status.d as a paragraph with Package, Version and, where it has another name, Source.
 */
async function assertDistribution(root: string): Promise<void> {
  const release = await Deno.readTextFile(`${root}/etc/os-release`);
  assertMatch(release, /^ID="?debian"?$/m);
  const [, version = ""] = /^VERSION_ID="?(\d+)"?$/m.exec(release) ?? [];
  const debian = await Deno.readTextFile(`${root}/etc/debian_version`);
  assert(new RegExp(`^${version}\\.\\d+\\n$`).test(debian), `${debian} of Debian ${version}`);
  // The Debian of this version has the same packages, but for updates of its point releases.
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

/** Makes sure that the image has the list of what is inside of its own program. */
async function assertList(root: string, arch: string): Promise<void> {
  const path = `${root}/usr/share/doc/unix-user-exporter/unix-user-exporter.cdx.json`;
  const { components } = JSON.parse(await Deno.readTextFile(path));
  const names: readonly string[] = components.map(({ name }: { readonly name: string }) => name);
  assert(names.includes(`unix-user-exporter-linux-${arch}`), names.join(" "));
  assert(names.includes(arch === "armv7" ? "node" : "deno"), names.join(" "));
  assert(names.includes("prom-client"), names.join(" "));
}

/** Makes sure of what an image holds and says of itself; gives a container of it. */
export async function assertContents(
  store: ImageStore,
  { id, tags }: BuiltImage,
  platform: typeof PLATFORMS[number],
): Promise<string> {
  const { run } = store;
  // What Docker shows as unix-user-exporter:VERSION.
  assertEquals(tags, [`docker.io/library/unix-user-exporter:${manifest.version}`]);
  const { OCIv1, Docker } = JSON.parse(await run("buildah", "inspect", "--type=image", id));
  assertEquals(OCIv1.architecture, platform.platform);
  const { User, ExposedPorts, Entrypoint, Labels } = OCIv1.config;
  assertEquals({ User, ExposedPorts, Entrypoint }, {
    User: "65534:65534",
    ExposedPorts: { "32142/tcp": {} },
    Entrypoint: ["/usr/bin/unix-user-exporter"],
  });
  assertEquals(Labels["org.opencontainers.image.version"], manifest.version);
  assertMatch(Labels["org.opencontainers.image.revision"], /^[0-9a-f]{40}$/);
  assertEquals(Labels["org.opencontainers.image.source"], SOURCE);
  const epoch = Number(await succeed("git", "log", "-1", "--format=%ct"));
  const times = [
    ...[Labels["org.opencontainers.image.created"], OCIv1.created],
    ...OCIv1.history.map(({ created }: { readonly created: string }) => created),
  ];
  assertEquals(new Set(times.map((time) => Date.parse(time) / 1000)), new Set([epoch]));
  const command = ["CMD", "/usr/bin/unix-user-exporter", "--healthcheck"];
  assertEquals(Docker.config.Healthcheck.Test, command);

  const container = (await run("buildah", "from", id)).trim();
  const root = (await run("buildah", "mount", container)).trim();
  const listing = await run("find", root, "-not", "-type", "d", "-printf", "%P %M\n");
  const files = listing.trim().split("\n").map((line) => line.split(" "));
  const names: readonly string[] = files.map(([name = ""]) => name).sort();
  assertEquals(names, expectedFiles(platform));
  const modified = await run("find", root, "-mindepth", "1", "-printf", "%Ts\\n");
  assertEquals(new Set(modified.trim().split("\n").map(Number)), new Set([epoch]));
  await assertDistribution(root);
  await assertList(root, platform.arch);
  const modes = files.map(([, mode = ""]) => mode);
  assert(modes.every((mode) => ["-rw-r--r--", "-rwxr-xr-x"].includes(mode)), `${modes}`);
  return container;
}
