#!/usr/bin/env bash
# Pushes the images in dist/ to a registry as IMAGE:VERSION, one name for all platforms, and prints its digest.
# IMAGE is the name with the registry, as ghcr.io/owner/unix-user-exporter; the user is the one who has logged in
# there. In a workflow, name, digest and version are outputs of the step.
set -euo pipefail
cd "$(dirname "$0")/.."
version=$(tools/version.sh)
if [[ ${IMAGE:-} != */* ]]; then
  echo "tools/push-images.sh: IMAGE has to be a registry and a name, not \"${IMAGE:-}\"" >&2
  exit 2
fi
image=${IMAGE,,} # as registries want it
shopt -s nullglob
archives=("${DIST:-dist}/unix-user-exporter-$version-image-"*.tar)
if [ ${#archives[@]} -eq 0 ]; then
  echo "tools/push-images.sh: no image of version $version in ${DIST:-dist}/: make them with \`make release\`" >&2
  exit 1
fi

file=$(mktemp)
trap 'rm -f "$file"' EXIT
list=$image:$version
podman manifest rm "$list" >/dev/null 2>&1 || true # of a push that failed
podman manifest create "$list" >/dev/null
for archive in "${archives[@]}"; do
  case $archive in
    *-x86_64.tar) platform=(--arch amd64) ;;
    *-aarch64.tar) platform=(--arch arm64) ;;
    *-armv7.tar) platform=(--arch arm --variant v7) ;;
    *) echo "tools/push-images.sh: no platform for $archive" >&2 && exit 1 ;;
  esac
  podman manifest add --os linux "${platform[@]}" "$list" "docker-archive:$archive" >/dev/null
done
# Not by buildah: in Debian 12 it ends with 0 where nothing could be pushed. The format is that of Docker, as for
# the images: the one of OCI has no place for HEALTHCHECK.
podman manifest push --quiet --all --rm --format v2s2 --digestfile "$file" "$list" "docker://$list" >/dev/null
digest=$(cat "$file")
[ -n "$digest" ] || { echo "tools/push-images.sh: $list was not pushed" >&2 && exit 1; }
echo "$list@$digest"
printf '%s\n' "name=$image" "digest=$digest" "version=$version" >>"${GITHUB_OUTPUT:-/dev/null}"
