import type { Session } from "../../lib/sessions/session.ts";
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
  const [tty, idle] of [
    ["pts/1", 90.5],
    ["pts/2", 0],
    ["pts/3", null],
    ["pts/4", null],
    ["tty1", 1],
    ["ttyS0", 2],
    ["-", null],
    [":0", null],
    ["file", null],
    ["closed", null],
    ["../secret", null],
    ["pts/../tty1", null],
    ["/etc/passwd", null],
    ["pts/1\\x00", null],
    ["a/b/c", null],
    ["", null],
  ] as const
) {
  Deno.test(`the idle time on ${JSON.stringify(tty)}: ${idle}`, async () => {
    const session: Session = {
      username: "ann",
      from: "-",
      tty,
      kind: "pty",
      remote: false,
      loginTime: null,
      pid: null,
    };
    const found = await idleTimes([session], { path: "/host/dev", files: DEVICES, now: NOW });
    assertEquals(found.get(session) ?? null, idle);
  });
}
