#!/usr/bin/env bash
# Bundles the program into dist/bundle/unix-user-exporter.js, and copies deno.json with its permissions there.
# Modules that only some runs need are in separate files, dist/bundle/NAME-NUMBER.js: in one file their imports
# of node: would be loaded at each start. Revision, branch and date are those of the commit, so that the same
# commit gives the same bytes; SOURCE_DATE_EPOCH sets another date. Without .git they are unknown. If git
# refuses to read .git, as in a checkout of another user, nothing is bundled.
# BUILD_WARNING is a sentence that --version prints.
# tools/bundle.sh ENTRY NAME bundles an entry of the program into dist/bundle/NAME; node/main.ts into one file.
set -euo pipefail
cd "$(dirname "$0")/.."
entry=${1:-main.ts} name=${2:-unix-user-exporter.js}

revision=unknown branch=unknown
epoch=${SOURCE_DATE_EPOCH:-}
if [ -e .git ]; then
  revision=$(git rev-parse --verify HEAD)
  changes=$(git status --porcelain)
  [ -z "$changes" ] || revision=$revision-modified
  branch=$(git symbolic-ref -q --short HEAD || echo HEAD)
  epoch=${epoch:-$(git log -1 --format=%ct)}
fi
date=unknown
[ -z "$epoch" ] || date=$(date -u -d "@$epoch" +%Y-%m-%dT%H:%M:%SZ)

mkdir -p dist/bundle
source=$(mktemp -d dist/source.XXXXXX)
trap 'rm -rf "$source"' EXIT
cp -r main.ts lib node deno.json deno.lock "$source"
printf '{ "revision": "%s", "branch": "%s", "date": "%s", "warning": "%s" }\n' \
  "$revision" "$branch" "$date" "${BUILD_WARNING:-}" \
  >"$source/lib/build_info.json"
bundle() { tools/deno.sh bundle -q --frozen --minify --config "$source/deno.json" "$@" "$source/$entry"; }
out=$source/out
if [ "$entry" = main.ts ]; then
  # For browsers, some packages have code without node:.
  bundle --platform browser --code-splitting --outdir "$out"
  mv "$out/main.js" "$out/$name"
  tools/deno.sh run -q -P=build --no-prompt --frozen tools/number_chunks.ts "$out" "$name"
else
  bundle -o "$out/$name"
fi
cp "$source/deno.json" "$out"
# Deno compiles the file times in. Files are moved, because a running program may be reading the old ones.
touch -d "@${epoch:-0}" "$out"/*
mv "$out"/* dist/bundle/
