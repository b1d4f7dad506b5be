import { dirname } from "node:path";
import { build } from "./build.ts";
import { type Need, program, ROOT_USER } from "./needs.ts";
import { command } from "./program.ts";
import { rootFileSystem } from "./root_file_system.ts";
import type { TempDir } from "./temp_dir.ts";

/** The needs of a store. */
export const IMAGE_NEEDS: readonly Need[] = [
  ROOT_USER,
  ...["apt-get", "buildah", "debootstrap", "flock", "podman"].map(program),
];

/** The URL of the sources in the labels of an image. */
export const SOURCE = "https://git.example.org/unix-user-exporter";

/** An image in the store. */
export interface BuiltImage {
  readonly id: string;
  /** Each layer is named by its contents. */
  readonly layers: readonly string[];
  /** The names that its archive gives it. */
  readonly tags: readonly string[];
}

/** Images and containers of one test. Disposing removes all of them. */
export interface ImageStore extends AsyncDisposable {
  /** Runs buildah or podman on the store; gives the stdout. */
  readonly run: (...words: readonly string[]) => Promise<string>;
  /** Builds the Dockerfile, as `make image` does, and loads the archive. */
  readonly buildImage: (arch: string, executable: string, source?: string) => Promise<BuiltImage>;
  /** A command line of podman in the store. */
  readonly podman: (...words: readonly string[]) => readonly string[];
}

/** Makes an empty store of images in the folder; gives the variables that select it. */
export async function emptyStore(dir: TempDir): Promise<Readonly<Record<string, string>>> {
  const path = dir.join("storage.conf");
  const settings = ["graphroot", "runroot"].map((key) => `${key} = "${dir.join(key)}"\n`);
  await Deno.writeTextFile(path, `[storage]\ndriver = "vfs"\n${settings.join("")}`);
  return { CONTAINERS_STORAGE_CONF: path, BUILDAH_ISOLATION: "chroot" };
}

/** Makes a store that contains only a Debian, so that no registry is used. */
export async function imageStore(dir: TempDir): Promise<ImageStore> {
  const context = dir.join("context");
  await Deno.mkdir(`${context}/dist`, { recursive: true });
  await build(["cp", "-r", "Dockerfile", "packaging", context]);
  const store = await emptyStore(dir);
  const env = { ...store, DEBIAN: "localhost/debian", CONTEXT: context };
  const run = (...words: readonly string[]): Promise<string> => build(words, env);
  const container = (await run("buildah", "from", "scratch")).trim();
  await run("buildah", "add", "--quiet", container, await rootFileSystem("trixie"), "/");
  await run("buildah", "commit", "--quiet", "--rm", container, "localhost/debian");

  const version = (await build(["tools/version.sh"])).trim();
  const podman = (...words: readonly string[]): readonly string[] => [
    ...["env", ...Object.entries(store).map((pair) => pair.join("=")), "podman"],
    // runc supports control groups of both versions.
    ...["--runtime=runc", "--cgroup-manager=cgroupfs", ...words],
  ];
  return {
    run,
    podman,
    buildImage: async (arch, executable, source = SOURCE) => {
      const prefix = `${context}/dist/unix-user-exporter-${version}`;
      await Deno.copyFile(executable, `${prefix}-linux-${arch}`);
      // The other files of a stand-in: tools/image.sh runs the program.
      const folder = dirname(executable);
      for await (const { name } of Deno.readDir(folder)) {
        if (!/-\d+\.js$/.test(name)) continue;
        await Deno.copyFile(`${folder}/${name}`, `${context}/dist/${name}`);
      }
      await build(["tools/image.sh", arch], { ...env, SOURCE: source });
      const archive = `${prefix}-image-${arch}.tar`;
      const manifest = await run("tar", "-xOf", archive, "manifest.json");
      const [{ RepoTags: tags, Layers: layers }] = JSON.parse(manifest);
      const id = (await run("buildah", "pull", "--quiet", `docker-archive:${archive}`)).trim();
      return { id, tags, layers };
    },
    [Symbol.asyncDispose]: async () => {
      await command(podman("rm", "--all", "--force", "--time=0")).output();
      await command(podman("system", "reset", "--force")).output();
    },
  };
}
