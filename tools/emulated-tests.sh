#!/usr/bin/env bash
# Runs end-to-end tests against the program as EXPORTER starts it, under an emulator that is some thirty
# times slower than the machine: those where the processor or its libraries could make a difference, and
# with ALL=1 all that are run against what is built, which takes some hours.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATIENCE=120
filter='/^golden|^(aarch64|s390x).utmp gives|time zone of TZ|two layouts|^SIGTERM/'
# Tests of the program's own limits of time and memory, which an emulator does not keep.
limits=(tests/e2e/{flood,hostile_utmp,shutdown,stress,web_config_reload}_test.ts)
[ -z "${ALL:-}" ] || exec tools/end-to-end.sh "${limits[@]}"
echo "not run under the emulator: the other end-to-end tests, which run on this machine (ALL=1 runs them)"
tools/deno.sh test -q -P=e2e --no-prompt --frozen tests/e2e --filter "$filter"
