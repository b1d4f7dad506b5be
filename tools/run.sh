#!/usr/bin/env bash
# Runs the exporter from the sources with the given flags. Without flags it first says where the page is, and
# what to expect when nobody is logged in. Tests set RUN to another directory than /run.
set -euo pipefail
cd "$(dirname "$0")/.."
run=${RUN:-/run}
if [ $# -eq 0 ]; then
  echo "The page is at http://localhost:32142/, the metrics are at http://localhost:32142/metrics."
  if [ ! -e "$run/utmp" ] && [ ! -e "$run/systemd/seats/seat0" ]; then
    hint="This machine has neither utmp nor systemd-logind, so the exporter reports an error and no sessions."
  elif [ -z "$(who && loginctl list-sessions --no-legend 2>/dev/null)" ]; then
    hint="Nobody is logged in to this machine: 0 sessions is right."
  fi
  if [ -n "${hint:-}" ]; then
    echo "$hint To see the sessions of a sample file:"
    echo '  make run ARGS="--source=utmp --utmp-path=tests/fixtures/x86_64.utmp"'
  fi
fi >&2
exec tools/deno.sh task -q start "$@"
