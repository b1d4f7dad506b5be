#!/usr/bin/env bash
# Builds a release into dist/: the binaries, the packages and an image of each, the list of contents, and
# SHA256SUMS. What cannot be built on this machine is named in a line "skipped: ..."; with CI=true this is a
# failure. Sizes and start times of the binaries are in release-notes.md.
set -euo pipefail
cd "$(dirname "$0")/.."
name=unix-user-exporter-$(tools/version.sh)
rm -rf dist
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
{
  make --silent compile-all
  for arch in x86_64 aarch64 armv7; do
    [ -e "dist/$name-linux-$arch" ] || continue
    if tools/nfpm.sh --version >/dev/null; then
      tools/packages.sh "$arch"
    else
      echo "skipped: no nfpm: packages for $arch"
    fi
    if command -v buildah >/dev/null; then
      tools/image.sh "$arch" || echo "skipped: no image for $arch"
    else
      echo "skipped: no buildah: image for $arch"
    fi
  done
} | tee "$log"
if [ "${CI:-}" = true ] && grep '^skipped: ' "$log" >/dev/null; then
  echo "tools/release.sh: nothing may be skipped where CI is true" >&2
  exit 1
fi
tools/deno.sh run -q -P=build --no-prompt --frozen tools/sbom.ts >"dist/$name.cdx.json"
echo "dist/$name.cdx.json"
tools/checksums.sh
echo dist/SHA256SUMS
shopt -s nullglob
PATIENCE=120 tools/deno.sh run -q -P=e2e --no-prompt --frozen tools/release_notes.ts "dist/$name-linux-"* \
  >dist/release-notes.md
echo dist/release-notes.md
