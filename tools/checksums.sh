#!/usr/bin/env bash
# Writes dist/SHA256SUMS for the files in dist/ that are released.
set -euo pipefail
cd "$(dirname "$0")/../dist"
rm -f SHA256SUMS
shopt -s nullglob
files=(unix-user-exporter*)
[ ${#files[@]} -eq 0 ] || sha256sum "${files[@]}" >SHA256SUMS
