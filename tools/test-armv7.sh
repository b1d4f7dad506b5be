#!/usr/bin/env bash
# Runs end-to-end tests against the executable for armv7 under qemu-arm-static, made of the Node that npm has.
set -euo pipefail
cd "$(dirname "$0")/.."
NODE_ARMV7=${NODE_ARMV7:-npm} tools/compile-node.sh
exporter=dist/unix-user-exporter-$(tools/version.sh)-linux-armv7
[ -x "$exporter" ] || exit 0 # The reason has been printed.
[ "$(uname -m)" = armv7l ] || exporter="qemu-arm-static $exporter"
EXPORTER=$exporter tools/emulated-tests.sh
