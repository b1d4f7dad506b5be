#!/usr/bin/env bash
# Writes dist/SHA256SUMS over the files in dist/ that users get.
set -euo pipefail
cd "$(dirname "$0")/../dist"
rm -f SHA256SUMS
shopt -s nullglob
files=(unix-user-exporter*)
[ ${#files[@]} -eq 0 ] || sha256sum "${files[@]}" >SHA256SUMS
