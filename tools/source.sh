#!/usr/bin/env bash
# Prints the URL of the sources: SOURCE, otherwise that of the remote `origin`, without a user and a password. A
# path or an SSH address is of no use to others: then nothing is printed but a line on stderr.
set -euo pipefail
source=${SOURCE:-$(git remote get-url origin 2>/dev/null || true)}
case $source in
  http://* | https://*) sed 's#//[^/]*@#//#' <<<"$source" ;;
  *) echo "no homepage and no source label: SOURCE is not the URL of the sources" >&2 ;;
esac
