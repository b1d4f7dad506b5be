import { dirname } from "node:path";
import { type Need, program, ROOT_USER } from "./needs.ts";
import type { TempDir } from "./temp_dir.ts";
import { rootFileSystem } from "./root_file_system.ts";
import { build } from "./build.ts";
import { command } from "./program.ts";

/** What a store needs. */
export const IMAGE_NEEDS: readonly Need[] = [
  ROOT_USER,
  ...["apt-get", "buildah", "debootstrap", "flock", "podman"].map(program),
];

/** Where the sources are said to be. */
export const SOURCE = "https://git.example.org/unix-user-exporter";

/** An image in the store. */
export interface BuiltImage {
  readonly id: string;
  /** What is in it: each is named by its contents. */
  readonly layers: readonly string[];
  /** The names that its archive gives it. */
  readonly tags: readonly string[];
}

/** Images and containers of one test. Disposing removes all of them. */
export interface ImageStore extends AsyncDisposable {
  /** Runs buildah or podman on the store; gives the stdout. */
  readonly run: (...words: readonly string[]) => Promise<string>;
  /** Puts the Dockerfile to work, as `make image` does, and loads the archive. */
  readonly buildImage: (arch: string, executable: string, source?: string) => Promise<BuiltImage>;
  /** A command line of podman in the store. */
  readonly podman: (...words: readonly string[]) => readonly string[];
}

/** A store with nothing but a Debian, as no registry is asked for one. */
export async function imageStore(dir: TempDir): Promise<ImageStore> {
  const settings = ["driver", "graphroot", "runroot"].map((key) =>
    `${key} = "${key === "driver" ? "vfs" : dir.join(key)}"`
  );
  const configuration = dir.join("storage.conf");
  await Deno.writeTextFile(configuration, ["[storage]", ...settings, ""].join("\n"));
  const context = dir.join("context");
  await Deno.mkdir(`${context}/dist`, { recursive: true });
  await build(["cp", "-r", "Dockerfile", "packaging", context]);

  const env = {
    CONTAINERS_STORAGE_CONF: configuration,
    BUILDAH_ISOLATION: "chroot",
    DEBIAN: "localhost/debian",
    CONTEXT: context,
  };
  const run = (...words: readonly string[]): Promise<string> => build(words, env);
  const load = async (archive: string): Promise<BuiltImage> => {
    const [{ RepoTags: tags, Layers: layers }] = JSON.parse(
      await run("tar", "-xOf", archive, "manifest.json"),
    );
    const id = (await run("buildah", "pull", "--quiet", `docker-archive:${archive}`)).trim();
    return { id, tags, layers };
  };
  const container = (await run("buildah", "from", "scratch")).trim();
  await run("buildah", "add", "--quiet", container, await rootFileSystem("trixie"), "/");
  await run("buildah", "commit", "--quiet", "--rm", container, "localhost/debian");

  const version = (await build(["tools/version.sh"])).trim();
  const podman = (...words: readonly string[]): readonly string[] => [
    ...["env", `CONTAINERS_STORAGE_CONF=${configuration}`, "podman"],
    // runc, for it takes control groups of both versions.
    ...["--runtime=runc", "--cgroup-manager=cgroupfs", ...words],
  ];
  return {
    run,
    podman,
    buildImage: async (arch, executable, source = SOURCE) => {
      const binary = `${context}/dist/unix-user-exporter-${version}-linux-${arch}`;
      await Deno.copyFile(executable, binary);
      // The other files of a stand-in: tools/image.sh runs the program before it is shipped.
      const folder = dirname(executable);
      for await (const { name } of Deno.readDir(folder)) {
        if (!/-\d+\.js$/.test(name)) continue;
        await Deno.copyFile(`${folder}/${name}`, `${context}/dist/${name}`);
      }
      await build(["tools/image.sh", arch], { ...env, SOURCE: source });
      return await load(`${context}/dist/unix-user-exporter-${version}-image-${arch}.tar`);
    },
    [Symbol.asyncDispose]: async () => {
      await command(podman("rm", "--all", "--force", "--time=0")).output();
      await command(podman("system", "reset", "--force")).output();
    },
  };
}
