#!/usr/bin/env bash
# The life of one system in a container: sets it up on an overlay over ROOT, boots it, and takes it down when
# it is told to terminate or when its standard input ends. Thus whoever holds the other end of that pipe can
# leave nothing behind, not even when killed.
#
#   container.sh try ROOT DIR          runs true(1) in place of the boot, to learn whether this machine can
#   container.sh boot ROOT DIR USER [COMMAND]
#                                      boots with USER beside root, after COMMAND ran in the root file system;
#                                      prints "init PID", later "booted"
#
# DIR must be empty and is removed in the end. It has meanwhile: run, dev/pts and proc, which are the system's
# own; key, for ssh as root and as USER; console.log, what the boot says.
set -euo pipefail
mode=$1 root=$2 dir=$3 user=${4-} prepare=${5-}
name=uue-$$
nspawn='' init=''
trap '' INT HUP PIPE # what ends the test runner must not end its cleaner
trap 'exit 0' TERM

# nspawn moves itself and what it starts to fixed names below its own control group: two need two groups.
hierarchies=()
for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/unified /sys/fs/cgroup/systemd; do
  [ ! -e "$hierarchy/cgroup.procs" ] || hierarchies+=("$hierarchy")
done

take_down() {
  status=$?
  trap '' TERM
  if [ -n "$init" ]; then
    kill -s RTMIN+4 "$init" 2>/dev/null || true # poweroff, see systemd(1)
    timeout 10 tail --pid="$nspawn" -f /dev/null >/dev/null || true
    kill -s KILL "$init" 2>/dev/null || true
  fi
  if [ -n "$nspawn" ]; then
    kill -s KILL "$nspawn" 2>/dev/null || true
    wait "$nspawn" || true
  fi
  for hierarchy in "${hierarchies[@]}"; do
    find "$hierarchy/$name" -depth -type d -exec rmdir {} + 2>/dev/null || true
  done
  rmdir "/run/systemd/nspawn/propagate/$name" 2>/dev/null || true # nspawn, when killed, leaves it
  umount --recursive --lazy "$dir" 2>/dev/null || true
  rmdir "$dir"
  exit "$status"
}
trap take_down EXIT

# Becomes nspawn; for a process of its own.
container() {
  trap - INT HUP PIPE TERM
  for hierarchy in "${hierarchies[@]}"; do
    mkdir -p "$hierarchy/$name"
    echo "$BASHPID" >"$hierarchy/$name/cgroup.procs"
  done
  exec setsid systemd-nspawn --quiet --register=no --keep-unit --private-network \
    --machine="$name" --directory="$dir/root" \
    --bind="$dir/run:/run" --bind="$dir/dev/pts:/dev/pts" "$@" </dev/null
}

# One that sees only the host's mounts shall see the /run and the terminals of the system, so they are the
# host's, lent to the container. nspawn wants a mount at /run/host.
mount -t tmpfs -o mode=755 uue "$dir"
mkdir -p "$dir"/{upper,scratch,root,run/host,dev/pts,proc}
mount -t overlay -o "lowerdir=$root,upperdir=$dir/upper,workdir=$dir/scratch" uue "$dir/root"
mount -t tmpfs -o mode=755 uue "$dir/run/host"
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 uue "$dir/dev/pts"
if [ "$mode" = try ]; then
  (container --pipe true)
  exit
fi

ssh-keygen -q -t ed25519 -N '' -C '' -f "$dir/key"
chroot "$dir/root" useradd --create-home --shell /bin/bash "$user"
for home in root "home/$user"; do
  install -D -m 644 "$dir/key.pub" "$dir/root/$home/.ssh/authorized_keys"
done
[ -z "$prepare" ] || chroot "$dir/root" sh -euc "$prepare"
echo 'UseDNS no' >"$dir/root/etc/ssh/sshd_config.d/tests.conf"

# The boot is over when this unit writes into the pipe.
mkfifo "$dir/run/booted"
units=$dir/root/etc/systemd/system
cat >"$units/booted.service" <<'END'
[Unit]
After=ssh.service systemd-logind.service systemd-user-sessions.service
[Service]
Type=oneshot
ExecStart=sh -c 'echo booted >/run/booted; rm /run/booted'
END
mkdir -p "$units/multi-user.target.wants"
ln -s ../booted.service "$units/multi-user.target.wants/"

check() {
  kill -0 "$nspawn" 2>/dev/null && return
  cat "$dir/console.log" >&2
  exit 1
}

container --boot >"$dir/console.log" 2>&1 &
nspawn=$!
# Children of nspawn come and go until one of them is the first process of a namespace of its own.
until [ -n "$init" ]; do
  check
  for child in $(pgrep --parent "$nspawn"); do
    grep -qsE '^NSpid:\s+[0-9]+\s+1$' "/proc/$child/status" && init=$child
  done
done
nsenter --target "$init" --pid mount -t proc -o nosuid,nodev,noexec proc "$dir/proc"
echo "init $init"
exec 3<>"$dir/run/booted"
until read -r -t 1 -u 3 state; do check; done
echo "$state"
read -r _ || true
