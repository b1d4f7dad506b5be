#!/usr/bin/env bash
# Prints the path of the Node that the executable for armv7 is made of, or with `version` its version. It is that
# of tools/node-armv7.env, downloaded from nodejs.org into .deno/ and checked against the checksum there; where it
# cannot be downloaded, the exit code is 3. NODE_ARMV7 names another Node: a file, or `npm` for the one of npm,
# which is for tests: it gets no security fixes. NODE_MIRROR stands for https://nodejs.org/dist.
# With CI=true the pinned Node has to be the newest of its line, and the line maintained.
set -euo pipefail
cd "$(dirname "$0")/.."
source tools/node-armv7.env
what=${1:-path}
archive=node-v$NODE_VERSION-linux-armv7l.tar.gz
mirror=${NODE_MIRROR:-https://nodejs.org/dist}

get() { # PATH FILE
  curl --silent --show-error --fail --location --retry 3 --output "$2" "$mirror/$1" && return
  echo "tools/node-armv7.sh: cannot download $mirror/$1" >&2
  exit 3
}
refuse() {
  echo "tools/node-armv7.sh: $1; set another release in tools/node-armv7.env" >&2
  exit 1
}

case ${NODE_ARMV7:-} in
  npm) node=$(tools/foreign.sh node-armv7) ;;
  *) node=${NODE_ARMV7:-} ;;
esac
if [ "$what" = version ]; then
  # Each Node has the name of its sources in it, so it need not run here.
  [ -z "$node" ] || NODE_VERSION=$(grep -aoE 'node-v[0-9.]+\.tar\.gz' "$node" | sed -nE '1s/node-v(.*)\.tar\.gz/\1/p')
  echo "$NODE_VERSION"
  exit
fi
if [ -n "$node" ]; then
  echo "$node"
  exit
fi

folder=$PWD/.deno/node-armv7-$NODE_VERSION
mkdir -p "$folder"
if [ "${CI:-}" = true ]; then
  [ "$(date -u +%F)" \< "$NODE_END_OF_LIFE" ] || refuse "Node $NODE_VERSION got its last fixes on $NODE_END_OF_LIFE"
  get "latest-v${NODE_VERSION%%.*}.x/SHASUMS256.txt" "$folder/newest"
  grep -q " $archive\$" "$folder/newest" || refuse "Node $NODE_VERSION is not the newest of its line"
fi
[ -e "$folder/$archive" ] || { get "v$NODE_VERSION/$archive" "$folder/new" && mv "$folder/new" "$folder/$archive"; }
if ! echo "$NODE_SHA256  $folder/$archive" | sha256sum --check --quiet >&2; then
  rm "$folder/$archive"
  refuse "$mirror/v$NODE_VERSION/$archive is not the file of the pinned checksum"
fi
tar -xzf "$folder/$archive" -C "$folder" --strip-components=2 "${archive%.tar.gz}/bin/node"
echo "$folder/node"
