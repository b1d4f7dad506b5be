import manifest from "../../deno.json" with { type: "json" };
import { assert, assertEquals, assertMatch } from "../assert.ts";
import type { ImageStore } from "./image_store.ts";

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
    loader,
    ...[...LIBRARIES, ...more].map((library) => `lib/${triplet}/${library}`),
    "usr/bin/unix-user-exporter",
    ...["gcc-14-base", "libc6", "unix-user-exporter"].map((name) =>
      `usr/share/doc/${name}/copyright`
    ),
    "usr/share/doc/unix-user-exporter/NOTICES",
    ...["libc6", "libgcc-s1", ...packages].map((name) => `var/lib/dpkg/status.d/${name}`),
  ].sort();
}

/** What the fixture shows in Berlin: the time zones are known without a file of them. */
export const BERLIN = [
  'unix_user_session_info{username="alice",from="10.0.0.50",tty="pts/1",login_time="2025-07-23 17:45"} 1',
  'unix_user_session_info{username="alice",from="192.168.1.100",tty="pts/0",login_time="2025-07-23 16:16"} 1',
  'unix_user_session_info{username="bob",from="-",tty="tty1",login_time="2025-07-23 14:30"} 1',
];

/** Makes sure of what an image holds and says of itself; gives a container of it. */
export async function assertContents(
  { run }: ImageStore,
  image: string,
  platform: typeof PLATFORMS[number],
): Promise<string> {
  const { OCIv1, Docker } = JSON.parse(await run("buildah", "inspect", "--type=image", image));
  assertEquals(OCIv1.architecture, platform.platform);
  const { User, ExposedPorts, Entrypoint, Labels } = OCIv1.config;
  assertEquals({ User, ExposedPorts, Entrypoint }, {
    User: "65534:65534",
    ExposedPorts: { "32142/tcp": {} },
    Entrypoint: ["/usr/bin/unix-user-exporter"],
  });
  assertEquals(Labels["org.opencontainers.image.version"], manifest.version);
  assertMatch(Labels["org.opencontainers.image.revision"], /^[0-9a-f]{40}$/);
  assertMatch(Labels["org.opencontainers.image.created"], /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  const command = ["CMD", "/usr/bin/unix-user-exporter", "--healthcheck"];
  assertEquals(Docker.config.Healthcheck.Test, command);

  const container = (await run("buildah", "from", image)).trim();
  const root = (await run("buildah", "mount", container)).trim();
  const listing = await run("find", root, "-not", "-type", "d", "-printf", "%P %M\n");
  const files = listing.trim().split("\n").map((line) => line.split(" "));
  const names: readonly string[] = files.map(([name = ""]) => name).sort();
  assertEquals(names, expectedFiles(platform));
  const modes = files.map(([, mode = ""]) => mode);
  assert(modes.every((mode) => ["-rw-r--r--", "-rwxr-xr-x"].includes(mode)), `${modes}`);
  return container;
}
