#!/usr/bin/env bash
# Runs zizmor, which checks workflows of GitHub for weaknesses, with the arguments given: the one of
# tools/zizmor.txt, which pip installs into .deno/ at first and compares with its checksum.
set -euo pipefail
tools=$(realpath "$(dirname "$0")")
version=$(sed -nE 's/^zizmor==([0-9.]+).*/\1/p' "$tools/zizmor.txt")
folder=$tools/../.deno/zizmor-$version
if [ ! -x "$folder/bin/zizmor" ]; then
  echo "tools/zizmor.sh: installing zizmor $version into .deno/" >&2
  python3 -m pip install --quiet --no-input --disable-pip-version-check --root-user-action ignore --no-deps \
    --require-hashes --only-binary :all: --target "$folder" --requirement "$tools/zizmor.txt" >&2
fi
exec "$folder/bin/zizmor" "$@"
