import manifest from "../../deno.json" with { type: "json" };
import { assert, assertEquals } from "../support/assert.ts";
import { file, program, testNeeding } from "../support/needs.ts";
import { seriesOf } from "../support/samples.ts";
import { fixture, type TempDir, tempDir } from "../support/temp_dir.ts";
import { build } from "../support/build.ts";
import { mirrorOf } from "../support/debian_archive.ts";
import { assertContents, BERLIN, PLATFORMS } from "../support/image_contents.ts";
import { IMAGE_NEEDS, imageStore } from "../support/image_store.ts";
import { standIn } from "../support/stand_in.ts";

/** A file of this machine by the place that a container sees it at. */
type Mounts = Readonly<Record<string, string>>;

/** Scrapes once in an image for another processor. */
async function scrapeIn(
  dir: TempDir,
  { arch, emulator, file, words, mounts = {} }: {
    readonly arch: string;
    readonly emulator: string;
    readonly file: string;
    /** What the emulator is to run. */
    readonly words: readonly string[];
    readonly mounts?: Mounts;
  },
): Promise<string> {
  await using store = await imageStore(dir);
  const platform = PLATFORMS.find((each) => each.arch === arch);
  assert(platform !== undefined, arch);
  const image = await store.buildImage(arch, file);
  const container = await assertContents(store, image, platform);
  const files = {
    "/emulator": `/usr/bin/${emulator}`,
    "/var/run/utmp": fixture("x86_64.utmp").pathname,
    ...mounts,
  };
  // Nothing but the image and these can be reached in there, so its libraries have to do.
  return await store.run(
    ...["buildah", "run", "--isolation=chroot", "--env=TZ=Europe/Berlin", "--env=DENO_DIR=/none"],
    ...Object.entries(files).map(([to, from]) => `--volume=${from}:${to}:ro`),
    ...[container, "--", "/emulator", ...words, "--once"],
  );
}

testNeeding(
  [
    ...IMAGE_NEEDS,
    program("qemu-arm-static"),
    file("/lib/ld-linux-armhf.so.3"),
    await mirrorOf("armhf"),
  ],
  "the executable for armv7 runs with the libraries of its image alone",
  async () => {
    await build(["tools/compile-node.sh"]);
    const file = `dist/unix-user-exporter-${manifest.version}-linux-armv7`;
    await using dir = await tempDir();
    const words = ["/usr/bin/unix-user-exporter"];
    const emulator = "qemu-arm-static";
    const scrape = await scrapeIn(dir, { arch: "armv7", emulator, file, words });
    assertEquals(seriesOf(scrape, "unix_user_session_info"), BERLIN);
  },
);

testNeeding(
  [...IMAGE_NEEDS, program("qemu-aarch64-static"), await mirrorOf("arm64")],
  "Deno for aarch64 runs the program with the libraries of the image alone",
  async () => {
    await using dir = await tempDir();
    // The stand-in is text, so it is the same for each processor.
    const { path, supplies } = await standIn(dir);
    const files = [...supplies].filter(([place]) =>
      place.startsWith("/deno.") || place.endsWith(".js")
    );
    const scrape = await scrapeIn(dir, {
      arch: "aarch64",
      emulator: "qemu-aarch64-static",
      file: path,
      words: [
        ...["/deno", "run", "-q", "-P", "--no-prompt", "--config=/deno.json"],
        "/usr/bin/unix-user-exporter",
      ],
      mounts: {
        "/deno": (await build(["tools/foreign.sh", "deno-aarch64"])).trim(),
        ...Object.fromEntries(files),
      },
    });
    assertEquals(seriesOf(scrape, "unix_user_session_info"), BERLIN);
  },
);
