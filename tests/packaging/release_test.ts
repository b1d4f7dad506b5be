import manifest from "../../deno.json" with { type: "json" };
import { assertEquals } from "../support/assert.ts";
import { program, testNeeding } from "../support/needs.ts";
import { tempDir } from "../support/temp_dir.ts";
import { build, copyRepository } from "../support/build.ts";
import { emptyStore } from "../support/image_store.ts";
import { nfpmNeed } from "../support/package.ts";

const NAME = `unix-user-exporter-${manifest.version}`;

/** The packages of each architecture. */
const PACKAGES = {
  x86_64: [`unix-user-exporter_${manifest.version}_amd64.deb`, `${NAME}-1.x86_64.rpm`],
  aarch64: [`unix-user-exporter_${manifest.version}_arm64.deb`, `${NAME}-1.aarch64.rpm`],
  armv7: [`unix-user-exporter_${manifest.version}_armhf.deb`],
};

testNeeding(
  [await nfpmNeed(), ...["buildah", "git", "qemu-arm-static"].map(program)],
  "a release without images has everything else, with checksums, and says what it has not",
  async () => {
    await using dir = await tempDir();
    const copy = dir.join("copy");
    const variables = await copyRepository(copy);
    const printed = await build([`${copy}/tools/release.sh`], {
      ...variables,
      CI: "",
      ...await emptyStore(dir),
      DEBIAN: "localhost/none",
      COMPRESSION: "gzip:1",
      // The copy need not install nfpm.
      NFPM: await Deno.realPath("tools/nfpm.sh"),
    });
    const skipped = printed.split("\n").filter((line) => line.startsWith("skipped: "));
    const built = (["x86_64", "aarch64", "armv7"] as const).filter((arch) =>
      !skipped.some((line) => line.startsWith(`skipped: no denort: ${arch}`))
    );
    assertEquals(
      skipped.filter((line) => !line.startsWith("skipped: no denort: ")),
      built.map((arch) => `skipped: no image for ${arch}`),
    );
    const sums = await Deno.readTextFile(`${copy}/dist/SHA256SUMS`);
    const names = sums.trim().split("\n").map((line) => line.split("  ")[1] ?? "");
    assertEquals(
      names.toSorted(),
      [
        `${NAME}-node.cjs`,
        `${NAME}.cdx.json`,
        ...built.flatMap((arch) => [
          `${NAME}-linux-${arch}`,
          ...PACKAGES[arch],
        ]),
      ].toSorted(),
    );
    await build(["bash", "-c", `cd ${copy}/dist && sha256sum --check --quiet SHA256SUMS`]);
  },
);
