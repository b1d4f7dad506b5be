#!/usr/bin/env bash
# Tests the executables in dist/ before they are published: the one for this machine with all end-to-end tests,
# the others under qemu with those where the processor matters. Where there is none for this machine, or no qemu
# for another, a line says so, and with CI=true it is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."
name=dist/unix-user-exporter-$(tools/version.sh)-linux
skipped=''
skip() {
  echo "skipped: $1"
  skipped=yes
}
for arch in x86_64 aarch64 armv7; do
  emulator=qemu-${arch/armv7/arm}-static
  if [ ! -x "$name-$arch" ]; then
    skip "no executable in dist/: end-to-end tests for $arch"
  elif [ "$arch" = "$(uname -m)" ]; then
    EXPORTER=$name-$arch tools/end-to-end.sh
  elif command -v "$emulator" >/dev/null; then
    EXPORTER="$emulator $name-$arch" tools/emulated-tests.sh
  else
    skip "no $emulator: end-to-end tests for $arch"
  fi
done
[ -z "$skipped" ] || [ "${CI:-}" != true ]
