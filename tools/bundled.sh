#!/usr/bin/env bash
# Runs the bundle as the compiled program would run: with the permissions of deno.json and no others.
root=$(dirname "$0")/..
exec "$root/tools/deno.sh" run -q -P --no-prompt --v8-flags="$(cat "$root/tools/v8-flags.txt")" --config "$root/dist/bundle/deno.json" \
  "$root/dist/bundle/unix-user-exporter.js" "$@"
