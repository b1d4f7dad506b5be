#!/usr/bin/env bash
# Compiles the program for this machine and runs the end-to-end tests against the executable. If it
# cannot be compiled, they run against the bundle with the same permissions.
set -euo pipefail
cd "$(dirname "$0")/.."
tools/compile.sh
exporter=dist/unix-user-exporter-$(tools/version.sh)-linux-$(uname -m)
[ -x "$exporter" ] || exporter=tools/bundled.sh
echo "end-to-end tests of $exporter"
EXPORTER=$exporter tools/end-to-end.sh
