import { idleTimes } from "../../lib/processes/idle_times.ts";
import { assertEquals } from "../support/assert.ts";
import { fileState } from "../support/fake_files.ts";
import { FakeTree } from "../support/fake_tree.ts";

const NOW = 1_800_000_000_000;

/** A terminal that was last used this long ago, in milliseconds. */
function terminal(ago: number): ReturnType<typeof fileState> {
  return { ...fileState(0, NOW - ago), isFile: false, isCharDevice: true };
}

const DEVICES = new FakeTree({
  "/host/dev/pts/1": terminal(90_500),
  "/host/dev/pts/2": terminal(-5_000),
  "/host/dev/pts/3": { ...terminal(1), atime: null },
  "/host/dev/tty1": terminal(1_000),
  "/host/dev/ttyS0": terminal(2_000),
  "/host/dev/file": fileState(0, NOW - 1_000),
  "/host/dev/closed": new Deno.errors.PermissionDenied(),
  "/host/dev/../secret": terminal(1_000),
  "/host/dev/pts/../tty1": terminal(1_000),
});

for (
  const [idle, ttys] of [
    [90.5, ["pts/1"]],
    [0, ["pts/2"]],
    [1, ["tty1"]],
    [2, ["ttyS0"]],
    [null, ["pts/3", "pts/4", "-", ":0", "file", "closed", "a/b/c", "", "pts/1\\x00"]],
    [null, ["../secret", "pts/../tty1", "/etc/passwd"]],
  ] as const
) {
  for (const tty of ttys) {
    Deno.test(`the idle time on ${JSON.stringify(tty)}: ${idle}`, async () => {
      const values = { from: "-", kind: "pty", remote: false, loginTime: null, pid: null } as const;
      const session = { username: "ann", tty, ...values };
      const found = await idleTimes([session], { path: "/host/dev", files: DEVICES, now: NOW });
      assertEquals(found.get(session) ?? null, idle);
    });
  }
}
