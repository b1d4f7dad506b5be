#!/usr/bin/env bash
# Publishes what the first job of the workflow "release" built as a release of GitHub, for the tag that
# started it, after a check of the checksums.
set -euo pipefail
cd "$(dirname "$0")/.."
version=$(tools/version.sh)
[ "$GITHUB_REF_NAME" = "v$version" ] || {
  echo "tools/publish.sh: the tag is $GITHUB_REF_NAME, the version in deno.json $version" >&2
  exit 1
}
rm -rf dist
gh run download "$GITHUB_RUN_ID" --name dist --dir dist
(cd dist && sha256sum --check --strict SHA256SUMS)
gh release create "v$version" --verify-tag --title "$version" --notes "See CHANGELOG.md." dist/*
