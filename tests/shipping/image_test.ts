import { assert, assertEquals, assertMatch } from "../assert.ts";
import { freePort } from "../e2e/free_port.ts";
import { get } from "../e2e/get.ts";
import { program, testNeeding } from "../e2e/needs.ts";
import { Peer } from "../e2e/peer.ts";
import { run } from "../e2e/program.ts";
import { seriesOf } from "../e2e/samples.ts";
import { succeed } from "../e2e/succeed.ts";
import { fixture, tempDir } from "../e2e/temp_dir.ts";
import { assertContents, BERLIN, PLATFORMS } from "./image_contents.ts";
import { IMAGE_NEEDS, imageStore } from "./image_store.ts";
import { type Executable, executable } from "./stand_in.ts";

/** Arguments of `podman run`: what the documentation advises, and what the program needs to be there. */
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
  [...IMAGE_NEEDS, program("runc")],
  "the image holds the program and its libraries alone, and serves without any right",
  async () => {
    await using dir = await tempDir();
    await using store = await imageStore(dir);
    const exporter = await executable(dir);
    const utmp = dir.join("utmp");
    await Deno.copyFile(fixture("x86_64.utmp"), utmp);
    const platform = PLATFORMS.find(({ arch }) => arch === Deno.build.arch);
    assert(platform !== undefined, Deno.build.arch);
    const image = await store.buildImage(platform.arch, exporter.path);
    await assertContents(store, image, platform);
    const address = `127.0.0.1:${freePort()}`;

    await using container = new Peer(store.podman(
      ...["run", "--name=tested", ...runArguments(exporter, new Map([[utmp, "/var/run/utmp"]]))],
      ...["--env=TZ=Europe/Berlin", `--env=UUE_WEB_LISTEN_ADDRESS=${address}`, image],
    ));
    await container.printed(/reading sessions/);
    const { body } = await get(`http://${address}/metrics`);
    assertEquals(seriesOf(body, "unix_user_session_info"), BERLIN);
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
