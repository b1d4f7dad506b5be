#!/usr/bin/env bash
# Prints the version of the program.
set -euo pipefail
sed -nE 's/^  "version": "(.+)",$/\1/p' "$(dirname "$0")/../deno.json"
