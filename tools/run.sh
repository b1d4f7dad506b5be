#!/usr/bin/env bash
# Runs the exporter from the sources with the flags given. Without flags it says first what there is to see.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ $# -eq 0 ]; then
  echo "The page is at http://localhost:32142/, the metrics are at http://localhost:32142/metrics."
  if [ -z "$(who && loginctl list-sessions --no-legend 2>/dev/null)" ]; then
    echo "\`who\` shows nobody on this machine: 0 sessions is right. To see the sessions of a sample file:"
    echo '  make run ARGS="--source=utmp --utmp-path=tests/fixtures/x86_64.utmp"'
  fi
fi >&2
exec tools/deno.sh task -q start "$@"
