#!/usr/bin/env bash
# Publishes the files in dist/, which the workflow "release" has built and signed, as a release of GitHub for the
# tag that started it. The checksums are checked again. IMAGE is the image in the registry, with its digest.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -z "${GITHUB_REF_NAME:-}" ]; then
  echo "tools/publish.sh: only the workflow \"release\" publishes: GITHUB_REF_NAME is not set" >&2
  exit 2
fi
version=$(tools/version.sh)
[ "$GITHUB_REF_NAME" = "v$version" ] || {
  echo "tools/publish.sh: the tag is $GITHUB_REF_NAME, the version in deno.json $version" >&2
  exit 1
}
(cd dist && sha256sum --check --strict SHA256SUMS)
files=$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/blob/v$version
notes=$(mktemp)
trap 'rm -f "$notes"' EXIT
cat - dist/release-notes.md >"$notes" <<END
[What changed]($files/CHANGELOG.md). [How to verify a file or an image]($files/docs/security.md#verify-a-release).

Image for all platforms: \`$IMAGE\`

END
gh release create "v$version" --verify-tag --title "$version" --notes-file "$notes" \
  dist/unix-user-exporter* dist/SHA256SUMS
