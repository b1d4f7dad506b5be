#!/bin/sh
# Runs an sshd that writes its failed logins to DIR/log/btmp, and types wrong passwords. It sees a /run and a
# /var/log of its own, so that the files of the machine stay as they are. Run it with `unshare --mount`.
# Usage: failed_ssh_logins.sh DIR PORT USER...
set -eu
dir=$1 port=$2
shift 2
mkdir "$dir/log"
: >"$dir/log/btmp"
# Otherwise sshd writes nothing.
chmod 600 "$dir/log/btmp"
mount --make-rprivate /
mount --bind "$dir/log" /var/log
mount -t tmpfs tmpfs /run
mkdir -m 755 /run/sshd
ssh-keygen -q -t ed25519 -N '' -f "$dir/host"
printf '#!/bin/sh\necho wrong\n' >"$dir/askpass"
chmod 700 "$dir/askpass"
sshd=$(PATH=$PATH:/usr/sbin command -v sshd)
"$sshd" -D -e -f /dev/null -p "$port" -h "$dir/host" -o ListenAddress=127.0.0.1 -o PidFile=none \
  -o UsePAM=no -o PasswordAuthentication=yes -o PermitRootLogin=yes 2>"$dir/sshd.log" &
server=$!
trap 'kill $server' EXIT
for user; do
  tries=0
  until SSH_ASKPASS=$dir/askpass SSH_ASKPASS_REQUIRE=force ssh -F /dev/null -p "$port" \
    -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o PreferredAuthentications=password \
    -o NumberOfPasswordPrompts=2 "$user@127.0.0.1" true </dev/null 2>"$dir/ssh.log" ||
    grep -q 'Permission denied' "$dir/ssh.log"; do
    tries=$((tries + 1))
    [ $tries -lt 50 ] || { cat "$dir/ssh.log" "$dir/sshd.log" >&2; exit 1; }
    sleep 0.2
  done
done
