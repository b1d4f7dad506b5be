import { type DroppableLabel } from "../../lib/sessions/dropped_labels.ts";
import { decodeSessionFile } from "../../lib/logind/session_file.ts";
import { RecordLog } from "../../lib/sources/record_log.ts";
import { EVERYBODY } from "../../lib/sessions/user_filter.ts";
import { sessionOfLogind } from "../../lib/sessions/from_logind.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { encodeUtmp } from "../support/encode_utmp.ts";
import { keptLog } from "../support/fakes.ts";

const UTMP = encodeUtmp("384le", [
  { type: "user_process", pid: 7, user: "ann", line: "pts/1", host: "192.0.2.1", seconds: 1_000 },
]);

/** Logs a utmp file in one go. */
function logUtmp(recordLog: RecordLog, bytes: Uint8Array): void {
  for (const _ of recordLog.logUtmp(bytes, { path: "/run/utmp", layout: "384le" }));
}

const FILE = new TextEncoder().encode(
  "USER=ann\nCLASS=user\nSTATE=active\nTYPE=tty\nREMOTE=1\nREMOTE_HOST=192.0.2.1\nTTY=pts/1\nLEADER=7\n",
);

/** The log lines of the same session from both sources. */
function logged(
  dropped: readonly DroppableLabel[],
  filter = EVERYBODY,
): readonly string[] {
  const { log, messages } = keptLog("debug");
  const recordLog = new RecordLog(log, { dropped: new Set(dropped), filter });
  logUtmp(recordLog, UTMP);
  const decoded = decodeSessionFile(FILE);
  assert(decoded.ok);
  const { session } = decoded;
  recordLog.logLogind([{ id: "c1", session, outcome: sessionOfLogind(session) }], {
    path: "/run/systemd/sessions",
  });
  return messages().filter((line) => !/^"(utmp file|logind directory)"/.test(line));
}

Deno.test("a record is logged with its type and whether it counts", () => {
  assertEquals(logged([]), [
    "record offset=0 type=user_process user=ann line=pts/1 host=192.0.2.1 pid=7 session=true",
    '"session file" id=c1 class=user state=active type=tty user=ann line=pts/1 host=192.0.2.1 ' +
    "leader=7 session=true",
  ]);
});

Deno.test("dropped labels are not in the log", () => {
  assertEquals(logged(["username", "from", "tty"]), [
    'record offset=0 type=user_process user="" line="" host="" pid=7 session=true',
    '"session file" id=c1 class=user state=active type=tty user="" line="" host="" leader=7 session=true',
  ]);
});

Deno.test("nothing is logged of an excluded user", () => {
  assertEquals(logged([], (username) => username !== "ann"), []);
});

/** Records of several users; only those of ann are included. */
const OTHERS = encodeUtmp("384le", [
  { type: "boot_time", user: "reboot", line: "~", pid: 1, seconds: 900 },
  { type: "dead_process", user: "", line: "pts/7", host: "192.0.2.7", pid: 71, seconds: 1_000 },
  { type: "dead_process", user: "bob", line: "pts/8", host: "192.0.2.8", pid: 81, seconds: 1_000 },
  { type: "user_process", user: "bob", line: "pts/9", host: "192.0.2.9", pid: 91, seconds: 1_000 },
  { type: "user_process", user: "ann", line: "pts/1", host: "192.0.2.1", pid: 7, seconds: 1_000 },
  { type: 77 },
]);

for (
  const [what, filter] of [
    ["only ann included", (user: string) => user === "ann"],
    ["bob excluded", (user: string) => user !== "bob"],
  ] as const
) {
  Deno.test(`with ${what}, no record of other users is logged, and not their number`, () => {
    const { log, messages } = keptLog("debug");
    logUtmp(new RecordLog(log, { dropped: new Set(), filter }), OTHERS);
    assertEquals(messages(), [
      '"utmp file" path=/run/utmp record_size=384 layout=384le',
      'record type=boot_time user=reboot line=~ host="" pid=1 session=false ' +
      'why="type is boot_time, not user_process"',
      "record type=user_process user=ann line=pts/1 host=192.0.2.1 pid=7 session=true",
      'fault why="type 77 is not 0 to 9"',
    ]);
  });
}

Deno.test("only session files of included users are counted", () => {
  const { log, messages } = keptLog("debug");
  const recordLog = new RecordLog(log, { dropped: new Set(), filter: (user) => user === "bob" });
  const decoded = decodeSessionFile(FILE);
  assert(decoded.ok);
  const { session } = decoded;
  const file = { id: "c1", session, outcome: sessionOfLogind(session) };
  recordLog.logLogind([file], { path: "/run/systemd/sessions" });
  assertEquals(messages(), ['"logind directory" path=/run/systemd/sessions files=0']);
});
