#!/usr/bin/env bash
# Runs the end-to-end tests against the bundle for Node: on x86_64 with the version of Node that is in the
# executable for armv7, on other machines with their own, which must be 20 or later.
set -euo pipefail
cd "$(dirname "$0")/.."
NODE_ARMV7=${NODE_ARMV7:-npm} tools/compile-node.sh
node=node
[ "$(uname -m)" != x86_64 ] || node=$(tools/foreign.sh node-x86_64)
EXPORTER="$node dist/unix-user-exporter-$(tools/version.sh)-node.cjs" tools/end-to-end.sh
