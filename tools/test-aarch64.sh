#!/usr/bin/env bash
# Runs tests on Deno for aarch64 under qemu-aarch64-static: the unit tests of decoding and exposition, and
# end-to-end tests of the executable for aarch64, or of the bundle if there is no executable.
set -euo pipefail
cd "$(dirname "$0")/.."
emulator=qemu-aarch64-static
[ "$(uname -m)" != aarch64 ] || emulator=env
if ! command -v "$emulator" >/dev/null || [ ! -e /lib/ld-linux-aarch64.so.1 ]; then
  echo "skipped: no qemu-aarch64-static with libc6:arm64 and libgcc-s1:arm64: aarch64"
  [ "${CI:-}" != true ]
  exit
fi
deno="$emulator $(tools/foreign.sh deno-aarch64)"

tests=(utmp/{decode,detect,layout} metrics/exposition)
tests=("${tests[@]/#/tests/}")
tests=("${tests[@]/%/_test.ts}")
if [ -n "${ALL:-}" ]; then
  tests=(--ignore=tests/e2e,tests/repository,tests/packaging,tests/debian tests)
else
  echo "not run under qemu-aarch64: tests of what does not depend on the processor (ALL=1 runs them)"
fi
# The types are checked without the emulator, which is faster.
$deno test -q -P --no-prompt --frozen --no-check "${tests[@]}"

tools/compile.sh aarch64
exporter=dist/unix-user-exporter-$(tools/version.sh)-linux-aarch64
if [ -x "$exporter" ]; then
  exporter="$emulator $exporter"
else
  exporter="$deno run -q -P --no-prompt --v8-flags=$(cat tools/v8-flags.txt) --config dist/bundle/deno.json dist/bundle/unix-user-exporter.js"
fi
EXPORTER=$exporter tools/emulated-tests.sh
