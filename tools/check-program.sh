#!/usr/bin/env bash
# Runs a built program with --version, and fails unless it is this version of this program:
# tools/check-program.sh FILE ARCH, with ARCH as in the names of the binaries. A program for another processor
# runs under qemu. If qemu is missing, a line "skipped: ..." is printed; with CI=true this is a failure.
set -euo pipefail
file=$(realpath "$1") arch=$2
export LC_ALL=C
expected="unix-user-exporter, version $("$(dirname "$0")/version.sh") "
case "$arch" in
  x86_64) emulator=qemu-x86_64-static ;;
  aarch64) emulator=qemu-aarch64-static ;;
  armv7) emulator=qemu-arm-static ;;
  *) echo "tools/check-program.sh: no emulator for $arch" >&2 && exit 2 ;;
esac

run() { # WORD...: bash, unlike timeout, gives no binary to a shell that the kernel cannot execute
  printed=$(timeout 300 bash -c '"$0" "$@"' "$@" --version </dev/null 2>&1) && status=0 || status=$?
}

run "$file"
if [ "$status" -eq 126 ]; then # It is for another processor, or not a program.
  if ! command -v "$emulator" >/dev/null; then
    echo "skipped: no $emulator: $file is not run"
    [ "${CI:-}" != true ]
    exit
  fi
  run "$emulator" "$file"
fi
if [ "$status" -ne 0 ] || [ "${printed#"$expected"}" = "$printed" ]; then
  echo "tools/check-program.sh: $file is not ${expected% }: --version ended with $status and printed: ${printed%%$'\n'*}" >&2
  exit 1
fi
