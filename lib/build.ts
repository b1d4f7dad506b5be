import manifest from "../deno.json" with { type: "json" };

/** What this program was built from and for; values as in the labels of `build_info`. */
export interface Build {
  readonly version: string;
  /** Commit and branch; `unknown` when run from a checkout. */
  readonly revision: string;
  readonly branch: string;
  readonly denoversion: string;
  readonly os: string;
  readonly arch: string;
}

/** The build of this process. */
export const BUILD: Build = {
  version: manifest.version,
  revision: "unknown",
  branch: "unknown",
  denoversion: Deno.version.deno,
  os: Deno.build.os,
  arch: Deno.build.arch,
};

/** The build in words, as `--version` prints it. */
export function buildText(build: Build): string {
  const { version, branch, revision, denoversion, os, arch } = build;
  return `unix-user-exporter, version ${version} (branch: ${branch}, revision: ${revision})
  deno version: ${denoversion}
  platform:     ${os}/${arch}`;
}
