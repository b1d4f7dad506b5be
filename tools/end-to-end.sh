#!/usr/bin/env bash
# Runs the end-to-end tests with the command in EXPORTER. The tests of dashboards, alerts, the page in a browser
# and the example configuration are omitted, because they do not depend on the build, and the memory test,
# because it measures the heap of Deno. Arguments are further files to omit.
set -euo pipefail
cd "$(dirname "$0")/.."
ignored=tests/e2e/dashboard_expressions_test.ts,tests/e2e/dashboards_test.ts,tests/e2e/memory_test.ts
ignored+=,tests/e2e/page_browser_test.ts,tests/e2e/rules_test.ts,tests/e2e/web_config_example_test.ts
for file; do ignored+=,$file; done
echo "not run against what is built: $ignored"
exec tools/deno.sh test -q -P=e2e --no-prompt --frozen --ignore="$ignored" tests/e2e
