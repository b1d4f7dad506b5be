#!/usr/bin/env bash
# Runs end-to-end tests with the command in EXPORTER, under an emulator that is about thirty times slower than
# the machine: only the tests that depend on the processor or its libraries. ALL=1 runs all end-to-end tests of
# the built program, which takes some hours.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATIENCE=120
filter='/^golden|^(aarch64|s390x).utmp gives|time zone of TZ|two layouts|^SIGTERM/'
# Tests of the program's limits of time and memory, which fail under an emulator.
limits=(tests/e2e/{flood,hostile_utmp,shutdown,stress,web_config_reload}_test.ts)
[ -z "${ALL:-}" ] || exec tools/end-to-end.sh "${limits[@]}"
echo "not run under the emulator: the other end-to-end tests, which run on this machine (ALL=1 runs them)"
tools/deno.sh test -q -P=e2e --no-prompt --frozen tests/e2e --filter "$filter"
