import manifest from "../../deno.json" with { type: "json" };
import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";
import { build } from "../support/build.ts";
import { emptyStore } from "../support/image_store.ts";
import { freePort } from "../support/free_port.ts";
import { program, ROOT_USER, testNeeding } from "../support/needs.ts";
import { command, run } from "../support/program.ts";
import { type TempDir, tempDir } from "../support/temp_dir.ts";
import { until } from "../support/wait.ts";

const NAME = `unix-user-exporter-${manifest.version}`;
const PLATFORMS = { x86_64: "linux/amd64", aarch64: "linux/arm64", armv7: "linux/arm/v7" };
const TYPE = "application/vnd.docker.distribution.manifest.list.v2+json";

interface Entry {
  readonly digest: string;
  readonly platform: {
    readonly os: string;
    readonly architecture: string;
    readonly variant?: string;
  };
}

/** A registry on a port of the loopback, which keeps its images in the folder. Disposing ends it. */
async function registry(dir: TempDir): Promise<AsyncDisposable & { readonly host: string }> {
  const host = `127.0.0.1:${freePort()}`;
  const storage = `{ filesystem: { rootdirectory: ${dir.join("registry")} } }`;
  const config =
    `version: 0.1\nlog: { level: error }\nstorage: ${storage}\nhttp: { addr: "${host}" }\n`;
  await Deno.writeTextFile(dir.join("registry.yml"), config);
  const server = command(["docker-registry", "serve", dir.join("registry.yml")], {
    stdout: "null",
  }).spawn();
  await until("a registry", async () => {
    const response = await fetch(`http://${host}/v2/`).catch(() => null);
    await response?.body?.cancel();
    return response?.ok ? true : null;
  });
  return {
    host,
    [Symbol.asyncDispose]: async () => {
      server.kill();
      await server.stderr.cancel();
      await server.status;
    },
  };
}

/** The settings of buildah for a store in the folder, and a registry without TLS. */
async function settings(dir: TempDir, host: string): Promise<Readonly<Record<string, string>>> {
  const registries = dir.join("registries.conf");
  await Deno.writeTextFile(registries, `[[registry]]\nlocation = "${host}"\ninsecure = true\n`);
  return {
    ...await emptyStore(dir),
    CONTAINERS_REGISTRIES_CONF: registries,
    DIST: dir.join("dist"),
    GITHUB_OUTPUT: dir.join("output"),
  };
}

testNeeding(
  [ROOT_USER, ...["buildah", "docker-registry", "podman"].map(program)],
  "the images are pushed under one name for all platforms",
  async () => {
    await using dir = await tempDir();
    await using server = await registry(dir);
    const env = await settings(dir, server.host);
    await Deno.mkdir(dir.join("dist"));
    for (const [arch, platform] of Object.entries(PLATFORMS)) {
      await Deno.writeTextFile(dir.join("program"), arch);
      await Deno.writeTextFile(dir.join("Dockerfile"), "FROM scratch\nCOPY program /\n");
      const words = ["--quiet", "--format=docker", `--platform=${platform}`, dir.join("")];
      const id = (await build(["buildah", "bud", ...words], env)).trim();
      const archive = dir.join(`dist/${NAME}-image-${arch}.tar`);
      await build(["buildah", "push", "--quiet", id, `docker-archive:${archive}:x:1`], env);
    }

    // Registries want lower case.
    const IMAGE = `${server.host}/Owner/unix-user-exporter`;
    const printed = await build(["make", "--silent", "push-images"], { ...env, IMAGE });
    const path = "owner/unix-user-exporter";
    const url = `http://${server.host}/v2/${path}/manifests/${manifest.version}`;
    const response = await fetch(url, { headers: { accept: TYPE } });
    assertEquals(response.headers.get("content-type"), TYPE);
    const digest = response.headers.get("docker-content-digest") ?? "";
    const { manifests }: { readonly manifests: readonly Entry[] } = await response.json();
    const platforms = manifests.map(({ platform: { os, architecture, variant = "" } }) =>
      [os, architecture, variant].filter((each) => each !== "").join("/")
    );
    assertEquals(platforms.toSorted(), Object.values(PLATFORMS).toSorted());
    for (const { digest } of manifests) {
      const { status, body } = await fetch(url.replace(/[^/]+$/, digest), { method: "HEAD" });
      await body?.cancel();
      assertEquals(status, 200, digest);
    }
    const name = `${server.host}/${path}`;
    assertEquals(printed, `${name}:${manifest.version}@${digest}\n`);
    // What the next job of the workflow signs.
    assertEquals(
      await Deno.readTextFile(env["GITHUB_OUTPUT"] ?? ""),
      `name=${name}\ndigest=${digest}\nversion=${manifest.version}\n`,
    );
    const nobody = { ...env, IMAGE: `127.0.0.1:${freePort()}/unix-user-exporter` };
    const failed = await run(["tools/push-images.sh"], { env: nobody });
    assert(failed.code !== 0 && failed.stdout === "", failed.stdout);
  },
);

Deno.test("pushing says what it lacks: a name, or images", async () => {
  await using dir = await tempDir();
  for (const IMAGE of ["", "unix-user-exporter"]) {
    const { code, stderr } = await run(["tools/push-images.sh"], { env: { IMAGE } });
    assertEquals(code, 2);
    assertStringIncludes(stderr, `IMAGE has to be a registry and a name, not "${IMAGE}"`);
  }
  const env = { IMAGE: "127.0.0.1:1/a", DIST: dir.join("none") };
  const { code, stderr } = await run(["tools/push-images.sh"], { env });
  assertEquals(code, 1);
  assert(stderr.includes(`no image of version ${manifest.version} in ${env.DIST}/`), stderr);
});
