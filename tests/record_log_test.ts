import { type DroppableLabel } from "../lib/dropped_labels.ts";
import { decodeSessionFile } from "../lib/logind/session_file.ts";
import { RecordLog } from "../lib/record_log.ts";
import { sessionOfLogind } from "../lib/session_of_logind.ts";
import { decodeUtmp } from "../lib/utmp/decode.ts";
import { assert, assertEquals } from "./assert.ts";
import { encodeUtmp } from "./encode_utmp.ts";
import { keptLog } from "./watched.ts";

const DECODED = decodeUtmp(
  encodeUtmp("384le", [
    { type: "user_process", pid: 7, user: "ann", line: "pts/1", host: "192.0.2.1", seconds: 1_000 },
  ]),
  "384le",
);

const FILE = new TextEncoder().encode(
  "USER=ann\nCLASS=user\nSTATE=active\nTYPE=tty\nREMOTE=1\nREMOTE_HOST=192.0.2.1\nTTY=pts/1\nLEADER=7\n",
);

/** What is logged of the same session from both sources. */
function logged(
  dropped: readonly DroppableLabel[],
  filter = (_: string): boolean => true,
): readonly string[] {
  const { log, messages } = keptLog("debug");
  const recordLog = new RecordLog(log, { dropped: new Set(dropped), filter });
  recordLog.logUtmp(DECODED, { path: "/run/utmp", size: 384 });
  const decoded = decodeSessionFile(FILE);
  assert(decoded.ok);
  const { session } = decoded;
  recordLog.logLogind([{ id: "c1", session, verdict: sessionOfLogind(session) }], {
    path: "/run/systemd/sessions",
  });
  return messages().filter((line) => !/^"(utmp file|logind folder)"/.test(line));
}

Deno.test("a record is shown with what it is and whether it counts", () => {
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

Deno.test("a user that the filter leaves out is no session, and the log says why", () => {
  const why = 'session=false why="user is left out by --users.include or --users.exclude"';
  const lines = logged([], (username) => username !== "ann");
  assertEquals(lines.map((line) => line.endsWith(why)), [true, true]);
  assertEquals(lines.map((line) => line.includes('user="" line="" host=""')), [true, true]);
});

Deno.test("whoever is not to be looked at is not named where no user stands, or no session", () => {
  const { log, messages } = keptLog("debug");
  const recordLog = new RecordLog(log, { dropped: new Set(), filter: (user) => user === "ann" });
  const bytes = encodeUtmp("384le", [
    { type: "dead_process", user: "", line: "pts/7", host: "192.0.2.7", seconds: 1_000 },
    { type: "dead_process", user: "bob", line: "pts/8", host: "192.0.2.8", seconds: 1_000 },
    { type: "user_process", user: "ann", line: "pts/1", host: "192.0.2.1", seconds: 1_000 },
  ]);
  recordLog.logUtmp(decodeUtmp(bytes, "384le"), { path: "/run/utmp", size: bytes.length });
  const texts = messages().flatMap((line) => / (user=.*) pid=/.exec(line)?.[1] ?? []);
  const nothing = 'user="" line="" host=""';
  assertEquals(texts, [nothing, nothing, "user=ann line=pts/1 host=192.0.2.1"]);
});
