#!/usr/bin/env bash
# Makes a Debian package of a binary that is in dist/: tools/deb.sh ARCH, with ARCH as in the name of the binary.
# SOURCE_DATE_EPOCH and DEB_MAINTAINER stand for the time and the author of the last commit.
set -euo pipefail
cd "$(dirname "$0")/.."
name=unix-user-exporter
version=$(tools/version.sh)
binary=${BINARY:-dist/$name-$version-linux-$1}
case $1 in
  x86_64) arch=amd64 depends='libc6 (>= 2.27), libgcc-s1' ;;
  aarch64) arch=arm64 depends='libc6 (>= 2.27), libgcc-s1' ;;
  armv7) arch=armhf depends='libc6 (>= 2.28), libgcc-s1, libstdc++6 (>= 9), libatomic1' ;;
  *) echo "tools/deb.sh: no Debian architecture for $1" >&2 && exit 2 ;;
esac
if [ ! -e "$binary" ]; then
  echo "tools/deb.sh: no $binary: make it with \`make compile-all\`, or name another one with BINARY" >&2
  exit 1
fi
tools/check-program.sh "$binary" "$1"
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
maintainer=${DEB_MAINTAINER:-$(git log -1 --format='%an <%ae>')}

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
put() { # MODE FROM TO
  install -D -m "$1" "$2" "$root/$3"
}
compressed() { # TO, from stdin
  mkdir -p "$(dirname "$root/$1")"
  gzip -9n >"$root/$1"
}

put 755 "$binary" "usr/bin/$name"
put 644 "packaging/$name.service" "usr/lib/systemd/system/$name.service"
put 644 "packaging/$name.default" "etc/default/$name"
put 644 packaging/lintian-overrides "usr/share/lintian/overrides/$name"
doc=usr/share/doc/$name
put 644 packaging/host.conf "$doc/examples/host.conf"
put 644 packaging/copyright "$doc/copyright"
tools/deno.sh run -q -P=build --no-prompt --frozen tools/notices.ts | compressed "$doc/NOTICES.gz"
compressed "$doc/NEWS.gz" <CHANGELOG.md
compressed "$doc/changelog.gz" <<END
$name ($version) unstable; urgency=medium

  * What changed is in NEWS.gz.

 -- $maintainer  $(date --utc --rfc-email --date="@$SOURCE_DATE_EPOCH")
END
tools/deno.sh run -q -P --no-prompt --frozen tools/man_page.ts | compressed "usr/share/man/man8/$name.8.gz"

for script in postinst prerm postrm; do put 755 "packaging/$script" "DEBIAN/$script"; done
echo "/etc/default/$name" >"$root/DEBIAN/conffiles"
(cd "$root" && find usr etc -type f -print0 | sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
cat >"$root/DEBIAN/control" <<END
Package: $name
Version: $version
Architecture: $arch
Maintainer: $maintainer
Installed-Size: $(du -sk --apparent-size "$root" | cut -f1)
Depends: $depends
Section: net
Priority: optional
Description: Prometheus exporter that tells who is logged in
 Serves the login sessions of a machine, from the utmp file or from the
 session files of systemd-logind, as metrics for Prometheus. It runs as a
 user of its own and needs nothing but read access.
END
find "$root" -type d -exec chmod 755 {} +
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
package=${PACKAGE:-dist/${name}_${version}_$arch.deb}
mkdir -p "$(dirname "$package")"
# Packages of all releases of Debian and Ubuntu that are in use can be unpacked with xz.
dpkg-deb --root-owner-group ${DEB_COMPRESSION:--Zxz} --build "$root" "$package" >/dev/null
echo "$package"
