import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { freePort } from "../support/free_port.ts";
import { get } from "../support/get.ts";
import { logindFolder } from "../support/logind_folder.ts";
import { program, testNeeding } from "../support/needs.ts";
import { Peer } from "../support/peer.ts";
import { run } from "../support/program.ts";
import { seriesOf } from "../support/samples.ts";
import { succeed } from "../support/succeed.ts";
import { fixture, tempDir } from "../support/temp_dir.ts";
import { assertContents, BERLIN, PLATFORMS } from "../support/image_contents.ts";
import { IMAGE_NEEDS, imageStore } from "../support/image_store.ts";
import { type Executable, executable } from "../support/stand_in.ts";

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
    // But for the name of the container that buildah built it in, another build is the same.
    const again = await store.buildImage(platform.arch, exporter.path);
    assertEquals(again.layers, image.layers);
    // Where the sources are not known, an image has no label for them.
    const { id } = await store.buildImage(platform.arch, exporter.path, "/srv/sources");
    const { OCIv1 } = JSON.parse(await store.run("buildah", "inspect", "--type=image", id));
    assertEquals(Object.keys(OCIv1.config.Labels).filter((label) => label.endsWith("source")), []);
    assert(!Object.values(OCIv1.config.Labels).includes(""), JSON.stringify(OCIv1.config.Labels));
    const address = `127.0.0.1:${freePort()}`;

    await using container = new Peer(store.podman(
      ...["run", "--name=tested", ...runArguments(exporter, new Map([[utmp, "/var/run/utmp"]]))],
      ...["--env=TZ=Europe/Berlin", `--env=UUE_WEB_LISTEN_ADDRESS=${address}`, image.id],
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

    // As README starts it, with the folders of another machine.
    const { mounts, args } = await startOfReadme();
    await using folder = await logindFolder();
    await folder.write("1", "alice");
    await Deno.mkdir(`${folder.path}/units`);
    await Deno.symlink("0123", `${folder.path}/units/invocation:systemd-logind.service`);
    const there = mounts.map((mount) =>
      mount.replace("source=/run/systemd", `source=${folder.path}`)
    );
    const words = ["run", "--name=second", ...runArguments(exporter, new Map()), ...there];
    const env = `--env=UUE_WEB_LISTEN_ADDRESS=${address}`;
    await using second = new Peer(store.podman(...words, env, image.id, ...args));
    await second.printed(/reading sessions/);
    const scrape = await get(`http://${address}/metrics`);
    assertEquals(seriesOf(scrape.body, "unix_user_session_count"), [
      'unix_user_session_count{username="alice"} 1',
    ]);
    assertEquals((await run(store.podman("stop", "second"))).code, 0);
    // What is not there is not made.
    await Deno.remove(`${folder.path}/seats`, { recursive: true });
    const third = words.with(1, "--name=third");
    assert((await run(store.podman(...third, env, image.id, ...args))).code !== 0);
    assertEquals(await Deno.stat(`${folder.path}/seats`).catch(() => null), null);
  },
);

/** How README starts a container: its mounts, as words of podman, and what stands behind the image. */
async function startOfReadme(): Promise<
  { readonly mounts: readonly string[]; readonly args: readonly string[] }
> {
  const [, command = ""] = /^(docker run [^`]+)```/m.exec(await Deno.readTextFile("README.md")) ??
    [];
  const words = command.replaceAll("\\\n", " ").trim().split(/\s+/);
  const image = words.findIndex((word) => word.startsWith("unix-user-exporter:"));
  assert(!words.some((word) => /^(-v|--volume)/.test(word)), command);
  const mounts = words.flatMap((word, i) => word === "--mount" ? [`--mount=${words[i + 1]}`] : []);
  assertEquals(mounts.length, 3);
  return { mounts, args: words.slice(image + 1) };
}
