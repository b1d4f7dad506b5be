import manifest from "../../deno.json" with { type: "json" };
import { assert, assertEquals, assertMatch } from "../assert.ts";
import { get } from "../e2e/get.ts";
import { program, ROOT_USER, testNeeding } from "../e2e/needs.ts";
import { Peer } from "../e2e/peer.ts";
import { run } from "../e2e/program.ts";
import { seriesOf } from "../e2e/samples.ts";
import { succeed } from "../e2e/sshd.ts";
import { fixture, tempDir } from "../e2e/temp_dir.ts";
import { imageStore } from "./image_store.ts";
import { type Executable, executable } from "./stand_in.ts";

const NEEDS = [
  ROOT_USER,
  ...["apt-get", "buildah", "debootstrap", "flock", "podman", "runc"].map(program),
];

const LIBRARIES = [
  "libc.so.6",
  "libdl.so.2",
  "libgcc_s.so.1",
  "libm.so.6",
  "libpthread.so.0",
  "librt.so.1",
];

/** The platform of each binary, and where its loader and its libraries are. */
const PLATFORMS = [
  {
    arch: "x86_64",
    platform: "amd64",
    loader: "lib64/ld-linux-x86-64.so.2",
    triplet: "x86_64-linux-gnu",
    more: [],
  },
  {
    arch: "aarch64",
    platform: "arm64",
    loader: "lib/ld-linux-aarch64.so.1",
    triplet: "aarch64-linux-gnu",
    more: [],
  },
  {
    arch: "armv7",
    platform: "arm",
    loader: "lib/ld-linux-armhf.so.3",
    triplet: "arm-linux-gnueabihf",
    more: ["libatomic.so.1", "libstdc++.so.6"],
  },
] as const;

/** Every file of the image. There is no shell, no package manager and no setting among them. */
function expectedFiles({ loader, triplet, more }: typeof PLATFORMS[number]): readonly string[] {
  return [
    loader,
    ...[...LIBRARIES, ...more].map((library) => `lib/${triplet}/${library}`),
    "usr/bin/unix-user-exporter",
    ...["gcc-14-base", "libc6", "unix-user-exporter"].map((name) =>
      `usr/share/doc/${name}/copyright`
    ),
  ].sort();
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Arguments of `podman run`: what README advises, and what the program needs to be there. */
function runArguments(
  { supplies, env }: Executable,
  mounts: ReadonlyMap<string, string>,
): readonly string[] {
  const files = [...mounts, ...[...supplies].map(([place, file]) => [file, place])];
  return [
    ...["--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--network=host"],
    // The timer of the health check would be systemd's, and limits those of a machine of its own.
    ...["--health-interval=disable", "--ulimit=nofile=1024:1024", "--ulimit=nproc=1024:1024"],
    ...files.map(([from, to]) => `--volume=${from}:${to}:ro`),
    ...Object.entries(env).map(([name, value]) => `--env=${name}=${value}`),
  ];
}

testNeeding(NEEDS, "the image serves without any right, is healthy and stops", async () => {
  await using dir = await tempDir();
  await using store = await imageStore(dir);
  const exporter = await executable(dir);
  const utmp = dir.join("utmp");
  await Deno.copyFile(fixture("x86_64.utmp"), utmp);
  const image = await store.buildImage("x86_64", exporter.path);
  const address = `127.0.0.1:${freePort()}`;

  await using container = new Peer(store.podman(
    ...["run", "--name=tested", ...runArguments(exporter, new Map([[utmp, "/var/run/utmp"]]))],
    ...["--env=TZ=Europe/Berlin", `--env=UUE_WEB_LISTEN_ADDRESS=${address}`, image],
  ));
  await container.printed(/reading sessions/);
  const { body } = await get(`http://${address}/metrics`);
  // The time zone is known without a file of it.
  assertEquals(seriesOf(body, "unix_user_session_info"), [
    'unix_user_session_info{username="alice",from="10.0.0.50",tty="pts/1",login_time="2025-07-23 17:45"} 1',
    'unix_user_session_info{username="alice",from="192.168.1.100",tty="pts/0",login_time="2025-07-23 16:16"} 1',
    'unix_user_session_info{username="bob",from="-",tty="tty1",login_time="2025-07-23 14:30"} 1',
  ]);
  const inspect = ["inspect", "--format", "{{.State.Pid}}", "tested"];
  const pid = (await run(store.podman(...inspect))).stdout.trim();
  const status = await succeed("cat", `/proc/${pid}/status`);
  assertMatch(status, /^Uid:\s+65534\s+65534\s/m);
  assertMatch(status, /^CapBnd:\s+0+$/m);
  assertMatch(status, /^NoNewPrivs:\s+1$/m);
  assertEquals((await run(store.podman("healthcheck", "run", "tested"))).code, 0);
  assertEquals((await run(store.podman("stop", "tested"))).code, 0);
  assertEquals(await container.ended(), 0);
});

testNeeding(
  NEEDS,
  "the images hold the program and what it is linked with, nothing else",
  async () => {
    await using dir = await tempDir();
    await using store = await imageStore(dir);
    const { path } = await executable(dir);
    for (const each of PLATFORMS) {
      const image = await store.buildImage(each.arch, path);
      const description = await store.run("buildah", "inspect", "--type=image", image);
      const { OCIv1, Docker } = JSON.parse(description);
      assertEquals(OCIv1.architecture, each.platform);
      const { User, ExposedPorts, Entrypoint, Labels } = OCIv1.config;
      assertEquals({ User, ExposedPorts, Entrypoint }, {
        User: "65534:65534",
        ExposedPorts: { "32142/tcp": {} },
        Entrypoint: ["/usr/bin/unix-user-exporter"],
      });
      assertEquals(Labels["org.opencontainers.image.version"], manifest.version);
      assertMatch(Labels["org.opencontainers.image.revision"], /^[0-9a-f]{40}$/);
      assertMatch(Labels["org.opencontainers.image.created"], /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      assertEquals(Docker.config.Healthcheck.Test, [
        ...["CMD", "/usr/bin/unix-user-exporter", "--healthcheck"],
      ]);

      const container = (await store.run("buildah", "from", image)).trim();
      const root = (await store.run("buildah", "mount", container)).trim();
      const listing = await store.run("find", root, "-not", "-type", "d", "-printf", "%P %s %M\n");
      const files = listing.trim().split("\n").map((line) => line.split(" "));
      const names: readonly string[] = files.map(([name = ""]) => name).sort();
      assertEquals(names, expectedFiles(each));
      const modes = files.map(([, , mode = ""]) => mode);
      assert(modes.every((mode) => ["-rw-r--r--", "-rwxr-xr-x"].includes(mode)), `${modes}`);
    }
  },
);
