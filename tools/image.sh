#!/usr/bin/env bash
# Builds the image of each given architecture, named as the binaries in dist/, and writes it to
# dist/unix-user-exporter-VERSION-image-ARCH.tar, for `docker load` and `podman load`. All times in it are
# SOURCE_DATE_EPOCH, or that of the commit, so that two builds give the same layers if the packages of Debian
# are the same.
# CONTEXT names another folder with Dockerfile, packaging/ and dist/; DEBIAN names another image with the
# libraries; SOURCE is the URL of the sources, by default that of the remote `origin`.
set -euo pipefail
cd "$(dirname "$0")/.."
# Only our own script runs in the build, and this isolation also works inside a container.
export BUILDAH_ISOLATION=${BUILDAH_ISOLATION:-chroot}
name=unix-user-exporter context=${CONTEXT:-.}
version=$(tools/version.sh)
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
source=$(tools/source.sh)
label=org.opencontainers.image
labels=(--label "$label.revision=$(git rev-parse HEAD)"
  --label "$label.created=$(date --utc +%Y-%m-%dT%H:%M:%SZ --date="@$epoch")")
[ -z "$source" ] || labels+=(--label "$label.source=$source")
case $(uname -m) in aarch64) machine=arm64 ;; *) machine=amd64 ;; esac
# Older releases of buildah do not set BUILDPLATFORM.
arguments=(--build-arg "BUILDPLATFORM=linux/$machine" --build-arg "VERSION=$version")
[ -z "${DEBIAN:-}" ] || arguments+=(--build-arg "DEBIAN=$DEBIAN")
export SOURCE_DATE_EPOCH=$epoch
deno() { tools/deno.sh run -q -P=build --no-prompt --frozen "$@"; }
deno tools/notices.ts >"$context/dist/NOTICES"

for arch; do
  case $arch in
    x86_64) platform=linux/amd64 ;;
    aarch64) platform=linux/arm64 ;;
    armv7) platform=linux/arm/v7 ;;
    *) echo "tools/image.sh: no platform for $arch" >&2 && exit 2 ;;
  esac
  binary=$context/dist/$name-$version-linux-$arch
  if [ ! -e "$binary" ]; then
    echo "tools/image.sh: no $binary: make it with \`make compile-all\`" >&2
    exit 1
  fi
  tools/check-program.sh "$binary" "$arch"
  deno tools/sbom.ts "$arch" >"$context/dist/sbom-$arch.cdx.json"
  # The format of Docker, because that of OCI has no HEALTHCHECK.
  image=$(buildah bud --quiet --format docker --platform "$platform" --timestamp "$epoch" \
    "${labels[@]}" "${arguments[@]}" "$context")
  archive=${CONTEXT:+$CONTEXT/}dist/$name-$version-image-$arch.tar
  rm -f "$archive"
  buildah push --quiet "$image" "docker-archive:$archive:$name:$version"
  buildah rmi "$image" >/dev/null
  echo "$archive ($(du --apparent-size --block-size=MB "$archive" | cut -f1))"
done
