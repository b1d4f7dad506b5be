#!/usr/bin/env bash
# Runs Deno with the given arguments: the one on PATH if it is 2.9 or later, otherwise the pinned version,
# which npm installs into .deno/ first.
set -euo pipefail
cd "$(dirname "$0")/.."

case "$(uname -m)" in
  x86_64) package=@deno/linux-x64-glibc version=2.9.6 ;;
  aarch64) package=@deno/linux-arm64-glibc version=2.9.5 ;; # the newest that npm has
  *) package='' version='' ;;
esac

fits() {
  "$1" --version 2>/dev/null | grep -qE '^deno 2\.(9|[1-9][0-9]+)\.'
}

if command -v deno >/dev/null && fits deno; then
  exec deno "$@"
fi
if [ -z "$package" ] || ! { [ -x .deno/bin/deno ] || command -v npm >/dev/null; }; then
  echo "tools/deno.sh: found neither Deno 2.9 or later nor npm to install it; install one of them" >&2
  exit 1
fi
if ! fits .deno/bin/deno; then
  echo "tools/deno.sh: installing Deno $version into .deno/" >&2
  npm install --global --prefix .deno --no-fund --no-audit --no-update-notifier --loglevel=error "$package@$version" >&2
  mkdir -p .deno/bin
  ln -sf "../lib/node_modules/$package/deno" .deno/bin/deno
fi
exec .deno/bin/deno "$@"
