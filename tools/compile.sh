#!/usr/bin/env bash
# Compiles the bundle into an executable for x86_64 or aarch64, with the permissions of deno.json:
# dist/unix-user-exporter-VERSION-linux-ARCH, or OUTPUT if given.
# The runtime, denort, is the file that DENORT_BIN_X86_64 or DENORT_BIN_AARCH64 names, or DENORT_BIN for this
# machine; otherwise Deno downloads it. If it cannot, a line "skipped: ..." is printed, no executable is left in
# dist/, and the exit code is 0.
set -euo pipefail
cd "$(dirname "$0")/.."
arch=${1:-$(uname -m)}
output=${2:-dist/unix-user-exporter-$(tools/version.sh)-linux-$arch}
case "$arch" in
  x86_64) denort=${DENORT_BIN_X86_64:-} ;;
  aarch64) denort=${DENORT_BIN_AARCH64:-} ;;
  *) echo "tools/compile.sh: there is no Deno for $arch" >&2 && exit 2 ;;
esac
[ "$arch" != "$(uname -m)" ] || denort=${denort:-${DENORT_BIN:-}}

compile() { # [DENORT]
  if [ -n "$1" ]; then export DENORT_BIN=$1; else unset DENORT_BIN; fi
  NO_COLOR=1 tools/deno.sh compile -q -P --no-prompt --no-code-cache --v8-flags="$(cat tools/v8-flags.txt)" \
    --target "$arch-unknown-linux-gnu" --config dist/bundle/deno.json \
    -o "$folder/program" dist/bundle/unix-user-exporter.js
}

tools/bundle.sh
rm -f "$output"
folder=$(mktemp -d dist/compile.XXXXXX)
log=$folder/log
trap 'rm -rf "$folder"' EXIT
if compile "$denort" 2>"$log"; then
  # deno compile also accepts plain Deno as denort. The result would start a prompt.
  tools/check-program.sh "$folder/program" "$arch" || {
    [ -z "$denort" ] || echo "tools/compile.sh: DENORT_BIN names $denort, which is not denort" >&2
    exit 1
  }
  mv "$folder/program" "$output"
  echo "$output"
  exit
fi
# If compiling with plain Deno fails too, the cause is not a missing denort.
if [ -n "$denort" ] || ! compile "$(tools/deno.sh eval 'console.log(Deno.execPath())')"; then
  cat "$log" >&2
  exit 1
fi
why=$(grep -m 1 '^ *1: ' "$log" | sed 's/^ *1: //')
echo "skipped: no denort: $arch: ${why:-$(head -1 "$log")}"
