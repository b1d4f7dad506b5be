#!/bin/sh
# Runs before the files are removed. dpkg passes a word, see deb-prerm(5). rpm passes how many versions of the
# package will be left: 0 for a removal, 1 during an upgrade, which restarts the service by itself.
set -e
unit=unix-user-exporter.service
case $1 in
  remove)
    if [ -d /run/systemd/system ]; then deb-systemd-invoke stop "$unit" >/dev/null || true; fi
    ;;
  0)
    if command -v systemctl >/dev/null; then systemctl --no-reload disable "$unit" || true; fi
    if [ -d /run/systemd/system ]; then systemctl stop "$unit" || true; fi
    ;;
esac
