#!/usr/bin/env bash
# Bundles the program for Node 20 and later into dist/unix-user-exporter-VERSION-node.cjs. From it and an ARM
# build of Node it creates the executable for armv7, which Deno does not support:
# dist/unix-user-exporter-VERSION-linux-armv7. The ARM build of Node must run for this, on another machine
# under qemu-arm-static. If that is missing, a line "skipped: ..." is printed; with CI=true this is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."
name=dist/unix-user-exporter-$(tools/version.sh)
# Two runs at a time would write the same files.
mkdir -p dist
exec 9>dist/.compile-node.lock
flock 9
build() { tools/deno.sh run -q -P=build --no-prompt --frozen "$@"; }

tools/bundle.sh node/main.ts node.js
build tools/commonjs.ts dist/bundle/node.js dist/bundle/node.cjs
# The old file may be in use.
cp dist/bundle/node.cjs dist/bundle/node.cjs.new
mv dist/bundle/node.cjs.new "$name-node.cjs"
echo "$name-node.cjs"

emulator=qemu-arm-static
[ "$(uname -m)" != armv7l ] || emulator=env
if ! command -v "$emulator" >/dev/null || [ ! -e /lib/ld-linux-armhf.so.3 ]; then
  echo "skipped: no qemu-arm-static with libc6:armhf, libstdc++6:armhf and libatomic1:armhf: armv7"
  [ "${CI:-}" != true ]
  exit
fi
node=$(tools/foreign.sh node-armv7)
# The output of both is useful only if they fail.
log=$("$emulator" "$node" --experimental-sea-config tools/single_executable.json 2>&1 &&
  build tools/inject.ts "$node" dist/bundle/node.blob dist/bundle/armv7 2>&1) ||
  { echo "$log" >&2 && exit 1; }
tools/check-program.sh dist/bundle/armv7 armv7
mv dist/bundle/armv7 "$name-linux-armv7"
echo "$name-linux-armv7"
