import manifest from "../../deno.json" with { type: "json" };
import { assert, assertEquals } from "../assert.ts";
import { type Need, program, testNeeding } from "../e2e/needs.ts";
import { seriesOf } from "../e2e/samples.ts";
import { fixture, tempDir } from "../e2e/temp_dir.ts";
import { build } from "./build.ts";
import { mirrorOf } from "./debian_archive.ts";
import { assertContents, BERLIN, PLATFORMS } from "./image_contents.ts";
import { IMAGE_NEEDS, imageStore } from "./image_store.ts";

/** A file of this machine by the place that a container sees it at. */
type Mounts = Readonly<Record<string, string>>;

/** Scrapes once with a command line in an image that holds a program for another processor. */
async function scrapeIn(
  { arch, emulator, file, args, mounts = {} }: {
    readonly arch: string;
    readonly emulator: string;
    readonly file: string;
    readonly args: readonly string[];
    readonly mounts?: Mounts;
  },
): Promise<string> {
  await using dir = await tempDir();
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
    ...[container, "--", "/emulator", "/usr/bin/unix-user-exporter", ...args, "--once"],
  );
}

/** The loader that a program for another processor wants, at its place on this machine. */
function loader(path: string): Need {
  const isMet = (): boolean => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  };
  return { what: path, isMet };
}

testNeeding(
  [
    ...IMAGE_NEEDS,
    program("qemu-arm-static"),
    loader("/lib/ld-linux-armhf.so.3"),
    await mirrorOf("armhf"),
  ],
  "the executable for armv7 runs with the libraries of its image alone",
  async () => {
    await build(["tools/compile-node"]);
    const file = `dist/unix-user-exporter-${manifest.version}-linux-armv7`;
    const scrape = await scrapeIn({ arch: "armv7", emulator: "qemu-arm-static", file, args: [] });
    assertEquals(seriesOf(scrape, "unix_user_session_info"), BERLIN);
  },
);

testNeeding(
  [...IMAGE_NEEDS, program("qemu-aarch64-static"), await mirrorOf("arm64")],
  "Deno for aarch64 runs the program with the libraries of the image alone",
  async () => {
    await build(["tools/bundle"]);
    const file = (await build(["tools/foreign", "deno-aarch64"])).trim();
    const scrape = await scrapeIn({
      arch: "aarch64",
      emulator: "qemu-aarch64-static",
      file,
      args: [
        "run",
        "-q",
        "-P",
        "--no-prompt",
        "--config=/bundle/deno.json",
        "/bundle/unix-user-exporter.js",
      ],
      mounts: {
        "/bundle": await Deno.realPath("dist/bundle"),
      },
    });
    assertEquals(seriesOf(scrape, "unix_user_session_info"), BERLIN);
  },
);
