#!/bin/sh
# Runs after the files are removed, with arguments as in the script that runs before. Debian's policy wants that
# a removal leaves /etc/default/unix-user-exporter and a purge leaves nothing.
set -e
unit=unix-user-exporter.service
case $1 in
  remove | 0)
    if [ -d /run/systemd/system ]; then systemctl --system daemon-reload >/dev/null || true; fi
    ;;
  purge)
    if command -v deb-systemd-helper >/dev/null; then
      deb-systemd-helper purge "$unit" >/dev/null || true
      deb-systemd-helper unmask "$unit" >/dev/null || true
    fi
    ;;
esac
