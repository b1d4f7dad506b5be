#!/usr/bin/env bash
# Runs the end-to-end tests against the bundle for Node, with the Node of this machine if it is 20 or
# later, otherwise with one from npm.
set -euo pipefail
cd "$(dirname "$0")/.."
tools/compile-node.sh
node=node
major=$(node --print 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)
[ "$major" -ge 20 ] || node=$(tools/foreign.sh node-x86_64)
EXPORTER="$node dist/unix-user-exporter-$(tools/version.sh)-node.cjs" tools/end-to-end.sh
