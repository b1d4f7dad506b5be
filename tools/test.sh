#!/usr/bin/env bash
# Runs all tests. Says first how long they take and what this machine lacks for some of them, then the file
# that runs, and at the end a summary. The whole output is in dist/test.log; with CI=true it is printed too.
set -uo pipefail
cd "$(dirname "$0")/.."
mkdir -p dist
log=dist/test.log
export NO_COLOR=1

# A test that lacks something has the name "skipped: TEST: no THIS, no THAT" and does not run.
reasons() { sed -nE 's/^skipped: .*: (no .*) \.\.\. ignored.*/\1/p' "$1"; }
skipped() { sed -nE 's/^skipped: (.*) \.\.\. ignored.*/  \1/p' "$1"; }
# The names below the heading FAILURES of each run of the test runner.
failures() { awk '/^ FAILURES $/ { on = 1; next } /^(ok|FAILED) \|/ { on = 0 } on && NF { print "  " $0 }' "$1"; }
# The sum of "ok | 12 passed | 1 failed" and the like.
total() { grep -E '^(ok|FAILED) \| ' "$2" | grep -oE "[0-9]+ $1" | awk '{ n += $1 } END { print n + 0 }'; }

echo "All tests take about 12 minutes on two idle processors, and longer the first time. The log is $log."
if ! tools/deno.sh task -q test:e2e --filter 'skipped: ' >"$log" 2>&1; then
  echo "Some tests cannot be loaded on this machine. They are reported as failures."
fi
if grep -q '^skipped: ' "$log"; then
  echo "Number of tests that are skipped because this machine lacks something:"
  reasons "$log" | sed 's/, no /\nno /g' | sort | uniq -c | sort -rn | sed -E 's/^ *([0-9]+) no (.*)/  \2: \1/'
else
  echo "No test is skipped."
fi
executable=dist/unix-user-exporter-$(tools/version.sh)-linux-$(uname -m)
[ -x "$executable" ] || echo "There is no $executable, which \`make compile\` makes with denort: the tests of packages use a bundle."

progress=(grep --line-buffered -E '^running |\.\.\. FAILED|^(ok|FAILED) \|')
[ "${CI:-}" != true ] || progress=(cat)
start=$SECONDS
tools/deno.sh task -q test 2>&1 | tee "$log" | "${progress[@]}"
status=${PIPESTATUS[0]}

echo
echo "passed: $(total passed "$log"), failed: $(total failed "$log"), skipped: $(skipped "$log" | wc -l)," \
  "in $(((SECONDS - start) / 60)) min $(((SECONDS - start) % 60)) s"
if [ -n "$(failures "$log")" ]; then
  echo "failed:"
  failures "$log"
elif [ "$status" -ne 0 ]; then
  echo "The tests ended with exit code $status:"
  tail -n 5 "$log"
fi
if [ -n "$(skipped "$log")" ]; then
  echo "skipped:"
  skipped "$log"
fi
echo "log: $log"
exit "$status"
