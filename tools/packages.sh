#!/usr/bin/env bash
# Makes the packages of a binary that is in dist/, with nfpm: tools/packages.sh ARCH, with ARCH as in the name of
# the binary. A .deb and, for x86_64 and aarch64, an .rpm are written to dist/, or to the folder PACKAGES. The same
# commit gives the same bytes.
# BINARY names another executable. SOURCE_DATE_EPOCH and MAINTAINER stand for the time and the author of the last
# commit. RELEASE is the number of a package that is made again of the same version. SOURCE is the URL of the
# sources, otherwise that of the remote `origin`; it is the homepage in the packages. COMPRESSION is one of nfpm,
# such as gzip:1, in the place of the slow one in packaging/nfpm.yaml.
set -euo pipefail
cd "$(dirname "$0")/.."
name=unix-user-exporter
VERSION=$(tools/version.sh)
binary=${BINARY:-dist/$name-$VERSION-linux-$1}
GLIBC=2.27 DEB_DEPENDS='' formats='deb rpm'
case $1 in
  x86_64) ARCH=amd64 ;;
  aarch64) ARCH=arm64 ;;
  armv7) ARCH=arm7 GLIBC=2.28 DEB_DEPENDS='libstdc++6 (>= 9), libatomic1' formats=deb ;;
  *) echo "tools/packages.sh: no packages for $1" >&2 && exit 2 ;;
esac
if [ ! -e "$binary" ]; then
  echo "tools/packages.sh: no $binary: make it with \`make compile-all\`, or name another one with BINARY" >&2
  exit 1
fi
tools/check-program.sh "$binary" "$1"
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
MAINTAINER=${MAINTAINER:-$(git log -1 --format='%an <%ae>')}
RELEASE=${RELEASE:-}
HOMEPAGE=$(tools/source.sh)
export ARCH VERSION RELEASE MAINTAINER HOMEPAGE GLIBC DEB_DEPENDS SOURCE_DATE_EPOCH

# What the packages are made of, by the names in packaging/nfpm.yaml.
parts=$(mktemp -d)
trap 'rm -rf "$parts"' EXIT
build() { tools/deno.sh run -q -P=build --no-prompt --frozen "$@"; }
cp "$binary" "$parts/$name"
cp -r packaging LICENSE CHANGELOG.md "$parts"
build tools/notices.ts >"$parts/NOTICES"
gzip -9n <"$parts/NOTICES" >"$parts/NOTICES.gz"
gzip -9n <CHANGELOG.md >"$parts/NEWS.gz"
gzip -9n >"$parts/changelog.gz" <<END
$name ($VERSION${RELEASE:+-$RELEASE}) unstable; urgency=medium

  * What changed is in NEWS.gz.

 -- $MAINTAINER  $(date --utc --rfc-email --date="@$SOURCE_DATE_EPOCH")
END
cat >"$parts/changelog.yaml" <<END
- semver: $VERSION-${RELEASE:-1}
  date: $(date --utc +%Y-%m-%dT%H:%M:%SZ --date="@$SOURCE_DATE_EPOCH")
  packager: >-
    $MAINTAINER
  changes:
    - note: What changed is in CHANGELOG.md.
END
build tools/man_page.ts | gzip -9n >"$parts/$name.8.gz"
sed "s/^  compression: .*/  compression: ${COMPRESSION:-xz}/" packaging/nfpm.yaml >"$parts/rpm.yaml"
sed '/^changelog:/d' "$parts/rpm.yaml" >"$parts/deb.yaml"

nfpm=$PWD/tools/nfpm.sh folder=${PACKAGES:-dist}
mkdir -p "$folder"
for format in $formats; do
  mkdir "$parts/$format"
  (cd "$parts" && "$nfpm" package --config "$format.yaml" --packager "$format" --target "$format") >"$parts/log" 2>&1 || {
    cat "$parts/log" >&2
    exit 1
  }
  package=$(basename "$parts/$format"/*)
  mv "$parts/$format/$package" "$folder/"
  echo "$folder/$package"
done
