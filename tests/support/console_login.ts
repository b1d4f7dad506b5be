import { TEST_USER } from "./booted_system.ts";

/** Logs the test user in at the console. A container has a link for it, which would name another line. */
export const CONSOLE_LOGIN = `
folder=/etc/systemd/system/console-getty.service.d
mkdir $folder
cat >$folder/autologin.conf <<END
[Service]
ExecStartPre=sh -c "rm /dev/console; touch /dev/console; mount --bind /dev/pts/0 /dev/console"
ExecStart=
ExecStart=-/sbin/agetty --noclear --autologin ${TEST_USER} --keep-baud console 115200 linux
END`;
