import manifest from "../deno.json" with { type: "json" };
import origin from "./build_info.json" with { type: "json" };

/** The build of the program, with the labels of `build_info`. */
export interface Build {
  readonly version: string;
  /** Commit and branch; `unknown` when run from a checkout. */
  readonly revision: string;
  readonly branch: string;
  readonly denoversion: string;
  readonly os: string;
  readonly arch: string;
}

/** The build of this process. `tools/bundle.sh` replaces `build_info.json`. */
export const BUILD: Build = {
  version: manifest.version,
  revision: origin.revision,
  branch: origin.branch,
  denoversion: Deno.version.deno,
  os: Deno.build.os,
  arch: Deno.build.arch,
};

/** The build date as RFC 3339 in UTC; `unknown` when run from a checkout. */
export const BUILD_DATE: string = origin.date;

/** What users of this build have to know, for example that its runtime gets no security fixes; empty in releases. */
export const BUILD_WARNING: string = origin.warning;

/** The text of `--version`. */
export function buildText(build: Build, date: string, warning: string): string {
  const { version, branch, revision, denoversion, os, arch } = build;
  return `unix-user-exporter, version ${version} (branch: ${branch}, revision: ${revision})
  build date:   ${date}
  deno version: ${denoversion}
  platform:     ${os}/${arch}${warning === "" ? "" : `\n  warning:      ${warning}`}`;
}
