#!/usr/bin/env bash
# Tries a program before it is released: --version must name this version of this program, an unknown flag must
# end it with 2, one scrape over HTTP must have the sessions of a utmp file, and SIGTERM must end it with 0:
# tools/check-program.sh FILE ARCH, with ARCH as in the names of the binaries. A program for another processor
# runs under qemu. If qemu is missing, a line "skipped: ..." is printed; with CI=true this is a failure.
set -euo pipefail
file=$(realpath "$1") arch=$2
cd "$(dirname "$0")/.."
export LC_ALL=C
unset "${!UUE_@}"
expected="unix-user-exporter, version $(tools/version.sh) "
case "$arch" in
  x86_64) emulator=qemu-x86_64-static ;;
  aarch64) emulator=qemu-aarch64-static ;;
  armv7) emulator=qemu-arm-static ;;
  *) echo "tools/check-program.sh: no emulator for $arch" >&2 && exit 2 ;;
esac
fail() {
  echo "tools/check-program.sh: $file $1" >&2
  exit 1
}

program=("$file")
run() { # FLAG: bash, unlike timeout, gives no binary to a shell that the kernel cannot execute
  printed=$(timeout 300 bash -c '"$0" "$@"' "${program[@]}" "$1" </dev/null 2>&1) && status=0 || status=$?
}

run --version
if [ "$status" -eq 126 ]; then # It is for another processor, or not a program.
  if ! command -v "$emulator" >/dev/null; then
    echo "skipped: no $emulator: $file is not run"
    [ "${CI:-}" != true ]
    exit
  fi
  program=("$emulator" "$file")
  run --version
fi
if [ "$status" -ne 0 ] || [ "${printed#"$expected"}" = "$printed" ]; then
  fail "is not ${expected% }: --version ended with $status and printed: ${printed%%$'\n'*}"
fi
run --no-such-flag
[ "$status" -eq 2 ] || fail "ended with $status instead of 2 for an unknown flag and printed: $printed"

log=$(mktemp)
"${program[@]}" --web.listen-address=127.0.0.1:0 --source=utmp --utmp-path=tests/fixtures/x86_64.utmp \
  </dev/null >"$log" 2>&1 &
pid=$!
trap 'kill -KILL "$pid" 2>/dev/null || true; rm -f "$log"' EXIT
port=''
for ((i = 0; i < 3000 && ${#port} == 0; i++)); do # It has 300 seconds, as under qemu it takes many.
  kill -0 "$pid" 2>/dev/null || break
  sleep 0.1
  port=$(sed -nE 's/.* msg=listening address=127\.0\.0\.1:([0-9]+)$/\1/p' "$log")
done
[ -n "$port" ] || fail "does not listen: $(cat "$log")"
exec 3<>"/dev/tcp/127.0.0.1/$port"
printf 'GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' >&3
answer=$(timeout 300 cat <&3 | tr -d '\r') || true
grep -qx 'unix_users_logged_in_total 3' <<<"$answer" || fail "does not show 3 sessions in a scrape: $answer $(cat "$log")"
kill "$pid"
wait "$pid" && status=0 || status=$?
[ "$status" -eq 0 ] || fail "ended with $status after SIGTERM: $(cat "$log")"
