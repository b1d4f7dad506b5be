#!/usr/bin/env bash
# Runs the end-to-end tests against the program as EXPORTER starts it. The tests of dashboards, alerts, the
# page in a browser and the example of a configuration are about other things than how it was built; that
# of memory is made for the heap of Deno. Other files to leave out are arguments.
set -euo pipefail
cd "$(dirname "$0")/.."
ignored=tests/e2e/dashboard_expressions_test.ts,tests/e2e/dashboards_test.ts,tests/e2e/memory_test.ts
ignored+=,tests/e2e/page_browser_test.ts,tests/e2e/rules_test.ts,tests/e2e/web_config_example_test.ts
for file; do ignored+=,$file; done
echo "not run against what is built: $ignored"
exec tools/deno.sh test -q -P=e2e --no-prompt --frozen --ignore="$ignored" tests/e2e
