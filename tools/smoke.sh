#!/usr/bin/env bash
# Compiles the program for this machine and runs the end-to-end tests against the executable. Where it
# cannot be compiled, they run against the bundle, with the permissions that would be compiled in.
set -euo pipefail
cd "$(dirname "$0")/.."
tools/compile.sh
exporter=dist/unix-user-exporter-$(tools/version.sh)-linux-$(uname -m)
[ -x "$exporter" ] || exporter=tools/bundled.sh
echo "end-to-end tests of $exporter"
EXPORTER=$exporter tools/end-to-end.sh
