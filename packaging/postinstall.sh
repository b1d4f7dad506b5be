#!/bin/sh
# Runs when the files are installed. dpkg passes a word, see deb-postinst(5). rpm passes how many versions of the
# package there are now: 1 after the first installation, 2 during an upgrade.
set -e
unit=unix-user-exporter.service
# An image is built without a running systemd.
running() { [ -d /run/systemd/system ]; }
case $1 in
  configure | abort-upgrade | abort-deconfigure | abort-remove)
    # Enables and starts the service, as deb-systemd-helper(1p) does for every package of Debian.
    deb-systemd-helper unmask "$unit" >/dev/null || true
    if deb-systemd-helper --quiet was-enabled "$unit"; then
      deb-systemd-helper enable "$unit" >/dev/null || true
    else
      deb-systemd-helper update-state "$unit" >/dev/null || true
    fi
    if running; then
      systemctl --system daemon-reload >/dev/null || true
      deb-systemd-invoke "$([ -n "$2" ] && echo restart || echo start)" "$unit" || true
    fi
    ;;
  1)
    # The presets of the distribution and the administrator decide, see systemd.preset(5). Nothing is started.
    if command -v systemctl >/dev/null; then systemctl --no-reload preset "$unit" || true; fi
    if running; then systemctl daemon-reload || true; fi
    ;;
  [2-9]*)
    if running; then systemctl daemon-reload && systemctl try-restart "$unit" || true; fi
    ;;
esac
