import manifest from "../../deno.json" with { type: "json" };
import { assert, assertEquals, assertMatch } from "../assert.ts";
import { get } from "../e2e/get.ts";
import { type Need, program, ROOT_USER, testNeeding } from "../e2e/needs.ts";
import { Peer } from "../e2e/peer.ts";
import { run } from "../e2e/program.ts";
import { seriesOf } from "../e2e/samples.ts";
import { succeed } from "../e2e/sshd.ts";
import { fixture, tempDir } from "../e2e/temp_dir.ts";
import { build } from "./build.ts";
import { assertContents, PLATFORMS } from "./image_contents.ts";
import { imageStore } from "./image_store.ts";
import { type Executable, executable } from "./stand_in.ts";

const NEEDS = [
  ROOT_USER,
  ...["apt-get", "buildah", "debootstrap", "flock", "podman", "runc"].map(program),
];

/** Where the ARM build of Node, which makes the executable, finds its libraries. */
const ARM_LIBRARIES: Need = {
  what: "libraries for armhf",
  isMet: () => {
    try {
      return Deno.statSync("/lib/ld-linux-armhf.so.3").isFile;
    } catch {
      return false;
    }
  },
};

/** What the fixture shows in Berlin: the time zones are known without a file of them. */
const SESSIONS = [
  'unix_user_session_info{username="alice",from="10.0.0.50",tty="pts/1",login_time="2025-07-23 17:45"} 1',
  'unix_user_session_info{username="alice",from="192.168.1.100",tty="pts/0",login_time="2025-07-23 16:16"} 1',
  'unix_user_session_info{username="bob",from="-",tty="tty1",login_time="2025-07-23 14:30"} 1',
];

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

testNeeding(
  NEEDS,
  "the images hold the program and its libraries alone, and serve without any right",
  async () => {
    await using dir = await tempDir();
    await using store = await imageStore(dir);
    const exporter = await executable(dir);
    const utmp = dir.join("utmp");
    await Deno.copyFile(fixture("x86_64.utmp"), utmp);
    const images = new Map<string, string>();
    for (const platform of PLATFORMS) {
      // What is around the program does not depend on it, so one of this machine stands for the others.
      const image = await store.buildImage(platform.arch, exporter.path);
      await assertContents(store, image, platform);
      images.set(platform.arch, image);
    }
    const image = images.get(Deno.build.arch) ?? "";
    const address = `127.0.0.1:${freePort()}`;

    await using container = new Peer(store.podman(
      ...["run", "--name=tested", ...runArguments(exporter, new Map([[utmp, "/var/run/utmp"]]))],
      ...["--env=TZ=Europe/Berlin", `--env=UUE_WEB_LISTEN_ADDRESS=${address}`, image],
    ));
    await container.printed(/reading sessions/);
    const { body } = await get(`http://${address}/metrics`);
    assertEquals(seriesOf(body, "unix_user_session_info"), SESSIONS);
    const inspect = ["inspect", "--format", "{{.State.Pid}}", "tested"];
    const pid = (await run(store.podman(...inspect))).stdout.trim();
    const status = await succeed("cat", `/proc/${pid}/status`);
    assertMatch(status, /^Uid:\s+65534\s+65534\s/m);
    assertMatch(status, /^CapBnd:\s+0+$/m);
    assertMatch(status, /^NoNewPrivs:\s+1$/m);
    assertEquals((await run(store.podman("healthcheck", "run", "tested"))).code, 0);
    assertEquals((await run(store.podman("stop", "tested"))).code, 0);
    assertEquals(await container.ended(), 0);
  },
);

testNeeding(
  [...NEEDS, program("qemu-arm-static"), ARM_LIBRARIES],
  "the executable for armv7 runs with nothing but the files of its image",
  async () => {
    await using dir = await tempDir();
    await using store = await imageStore(dir);
    await build(["tools/compile-node"]);
    const platform = PLATFORMS.find(({ arch }) => arch === "armv7");
    assert(platform !== undefined);
    const compiled = `dist/unix-user-exporter-${manifest.version}-linux-armv7`;
    const image = await store.buildImage("armv7", compiled);
    const root = await assertContents(store, image, platform);
    const utmp = fixture("x86_64.utmp").pathname;
    const words = ["/usr/bin/unix-user-exporter", "--once", `--utmp-path=${utmp}`];
    // The loader and the libraries are looked for below the root of the image.
    const env = { TZ: "Europe/Berlin" };
    const emulated = ["qemu-arm-static", "-L", root, `${root}${words[0]}`, ...words.slice(1)];
    assertEquals(seriesOf(await build(emulated, env), "unix_user_session_info"), SESSIONS);
  },
);
