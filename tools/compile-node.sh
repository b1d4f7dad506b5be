#!/usr/bin/env bash
# Bundles the program for Node 20 and later into dist/unix-user-exporter-VERSION-node.cjs. From it and the Node
# of tools/node-armv7.sh it creates the executable for armv7, which Deno does not support:
# dist/unix-user-exporter-VERSION-linux-armv7. If NODE_ARMV7 names another Node, --version says so. The ARM
# build of Node must run for this, on another machine under qemu-arm-static. If that or Node is missing, a line
# "skipped: ..." is printed; with CI=true this is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."
source tools/node-armv7.env
name=dist/unix-user-exporter-$(tools/version.sh)
# Two runs at a time would write the same files.
mkdir -p dist
exec 9>dist/.compile-node.lock
flock 9
build() { tools/deno.sh run -q -P=build --no-prompt --frozen "$@"; }
bundle() { # NAME
  tools/bundle.sh node/main.ts "$1.js"
  build tools/commonjs.ts "dist/bundle/$1.js" "dist/bundle/$1.cjs"
}
skip() {
  rm -f "$name-linux-armv7"
  echo "skipped: $1: armv7"
  [ "${CI:-}" != true ]
  exit
}

bundle node
# The old file may be in use.
cp dist/bundle/node.cjs dist/bundle/node.cjs.new
mv dist/bundle/node.cjs.new "$name-node.cjs"
echo "$name-node.cjs"

emulator=qemu-arm-static
[ "$(uname -m)" != armv7l ] || emulator=env
if ! command -v "$emulator" >/dev/null || [ ! -e /lib/ld-linux-armhf.so.3 ]; then
  skip "no qemu-arm-static with libc6:armhf, libstdc++6:armhf and libatomic1:armhf"
fi
node=$(tools/node-armv7.sh) && status=0 || status=$?
case $status in
  0) ;;
  3) skip "no Node $NODE_VERSION, and NODE_ARMV7 names no other" ;;
  *) exit 1 ;;
esac
version=$(tools/node-armv7.sh version)
if [ "$version" = "$NODE_VERSION" ]; then
  cp dist/bundle/node.cjs dist/bundle/armv7.cjs
else
  BUILD_WARNING="made of Node $version, which may get no security fixes; releases are made of Node $NODE_VERSION" bundle armv7
fi
# The documentation and the packages ask for glibc 2.28 and the libstdc++ of GCC 9.
if newer=$(grep -aoEm 1 'GLIBC_2\.(29|[3-9][0-9])|GLIBCXX_3\.4\.(29|[3-9][0-9])' "$node"); then
  echo "tools/compile-node.sh: Node $version needs $newer, which is newer than docs/install.md and packaging/ say" >&2
  exit 1
fi
# The output of both is useful only if they fail.
log=$("$emulator" "$node" --experimental-sea-config tools/single_executable.json 2>&1 &&
  build tools/inject.ts "$node" dist/bundle/armv7.blob dist/bundle/armv7 2>&1) ||
  { echo "$log" >&2 && exit 1; }
tools/check-program.sh dist/bundle/armv7 armv7
mv dist/bundle/armv7 "$name-linux-armv7"
echo "$name-linux-armv7"
