import type { DroppableLabel } from "../../lib/sessions/dropped_labels.ts";
import { decodeSessionFile } from "../../lib/logind/session_file.ts";
import { RecordLog } from "../../lib/sources/record_log.ts";
import { EVERYBODY, type UserFilter } from "../../lib/sessions/user_filter.ts";
import { sessionOfLogind } from "../../lib/sessions/from_logind.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { encodeUtmp } from "../support/encode_utmp.ts";
import { keptLog } from "../support/fakes.ts";

const UTMP = encodeUtmp("384le", [
  { type: "user_process", pid: 7, user: "ann", line: "pts/1", host: "192.0.2.1", seconds: 1_000 },
]);

const FILE = new TextEncoder().encode(
  "USER=ann\nCLASS=user\nSTATE=active\nTYPE=tty\nREMOTE=1\nREMOTE_HOST=192.0.2.1\nTTY=pts/1\nLEADER=7\n",
);

/** The log lines of a utmp file and of the session file of ann. */
function logged(
  { bytes = UTMP, dropped = [], filter = EVERYBODY }: {
    readonly bytes?: Uint8Array;
    readonly dropped?: readonly DroppableLabel[];
    readonly filter?: UserFilter;
  },
): readonly string[] {
  const { log, messages } = keptLog("debug");
  const recordLog = new RecordLog(log, { dropped: new Set(dropped), filter });
  for (const _ of recordLog.logUtmp(bytes, { path: "/run/utmp", layout: "384le" }));
  const decoded = decodeSessionFile(FILE);
  assert(decoded.ok);
  const { session } = decoded;
  const file = { id: "c1", session, outcome: sessionOfLogind(session) };
  recordLog.logLogind([file], { path: "/run/systemd/sessions" });
  return messages();
}

const LAYOUT = "record_size=384 layout=384le";
const LOGIND_FOLDER = '"logind directory" path=/run/systemd/sessions';
const RECORD = "type=user_process user=ann line=pts/1 host=192.0.2.1 pid=7 session=true";
const SESSION_FILE = '"session file" id=c1 class=user state=active type=tty user=ann line=pts/1 ' +
  "host=192.0.2.1 leader=7 session=true";

Deno.test("a record is logged with its type and whether it counts", () => {
  assertEquals(logged({}), [
    `"utmp file" path=/run/utmp size=384 ${LAYOUT}`,
    `record offset=0 ${RECORD}`,
    `${LOGIND_FOLDER} files=1`,
    SESSION_FILE,
  ]);
});

Deno.test("dropped labels are not in the log", () => {
  assertEquals(logged({ dropped: ["username", "from", "tty"] }), [
    `"utmp file" path=/run/utmp size=384 ${LAYOUT}`,
    'record offset=0 type=user_process user="" line="" host="" pid=7 session=true',
    `${LOGIND_FOLDER} files=1`,
    SESSION_FILE.replace(/user=ann .* leader/, 'user="" line="" host="" leader'),
  ]);
});

/** Records of several users. */
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
    ["all users excluded", () => false],
  ] as const
) {
  Deno.test(`with ${what}, records of other users are not logged, nor their offsets`, () => {
    const ofAnn = (...lines: readonly string[]): readonly string[] => filter("ann") ? lines : [];
    assertEquals(logged({ bytes: OTHERS, filter }), [
      `"utmp file" path=/run/utmp ${LAYOUT}`,
      'record type=boot_time user=reboot line=~ host="" pid=1 session=false ' +
      'why="type is boot_time, not user_process"',
      ...ofAnn(`record ${RECORD}`),
      'fault why="type 77 is not 0 to 9"',
      `${LOGIND_FOLDER} files=${filter("ann") ? 1 : 0}`,
      ...ofAnn(SESSION_FILE),
    ]);
  });
}
