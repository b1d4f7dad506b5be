import { historyFamilies } from "../../lib/history/history_families.ts";
import { renderFamilies } from "../../lib/metrics/text_format.ts";
import type { DroppableLabel } from "../../lib/sessions/dropped_labels.ts";
import type { HistoryResult } from "../../lib/sessions/history.ts";
import type { Session } from "../../lib/sessions/session.ts";
import { assertEquals } from "../support/assert.ts";
import {
  failedLoginsWith,
  failedPastRead,
  historyWith,
  lastLoginsWith,
  loginsWith,
  pastRead,
} from "../support/past_logins.ts";

interface Options {
  readonly dropped?: readonly DroppableLabel[];
  readonly maxSeries?: number;
  readonly sessions?: readonly Session[];
}

/** The samples that are not 0, without comments. */
function samplesOf(
  history: Partial<HistoryResult>,
  { dropped = [], maxSeries = 10, sessions = [] }: Options = {},
): readonly string[] {
  const exposition = { dropped: new Set(dropped), maxSeries };
  const families = historyFamilies(historyWith(history), { sessions, exposition });
  const lines = renderFamilies(families, "text").trimEnd().split("\n");
  return lines.filter((line) => line !== "" && !line.startsWith("#") && !line.endsWith(" 0"));
}

const WTMP = pastRead("wtmp", loginsWith(3, { ann: 10, bob: 30 }));
const WTMPDB = pastRead("wtmpdb", loginsWith(5, { ann: 20 }));
const BTMP = pastRead("btmp", failedLoginsWith({ "192.0.2.1": 7, "2001:db8::1": 1 }));
const LASTLOG2 = pastRead("lastlog2", lastLoginsWith({ eve: 25, bob: 5 }));

const ANN: Session = {
  username: "ann",
  from: "-",
  tty: "tty1",
  kind: "console",
  remote: false,
  loginTime: 40,
  pid: 1,
};

function lastLogin(username: string, time: number): string {
  return `unix_user_last_login_timestamp_seconds{username="${username}"} ${time}`;
}

const PTY = 'unix_logins_total{kind="pty",remote="true"}';
const FAILED = [
  'unix_failed_logins_total{remote="true"} 8',
  'unix_failed_logins_total{remote="false"} 2',
];
const BY_IP = [
  'unix_failed_logins_by_ip_total{ip="192.0.2.1"} 7',
  'unix_failed_logins_by_ip_total{ip="2001:db8::1"} 1',
];

const CASES: Readonly<Record<string, readonly [Partial<HistoryResult>, Options, string[]]>> = {
  "wtmp: logins and last logins": [{ wtmp: WTMP }, {}, [
    `${PTY} 3`,
    lastLogin("bob", 30),
    lastLogin("ann", 10),
  ]],
  "wtmpdb is counted instead of wtmp; the last logins are those of both": [
    { wtmp: WTMP, wtmpdb: WTMPDB },
    {},
    [`${PTY} 5`, lastLogin("bob", 30), lastLogin("ann", 20)],
  ],
  "wtmp is not counted while wtmpdb cannot be read": [
    { wtmp: WTMP, wtmpdb: failedPastRead("wtmpdb") },
    {},
    [lastLogin("bob", 30), lastLogin("ann", 10)],
  ],
  "lastlog2: last logins": [{ lastlog2: LASTLOG2 }, {}, [
    lastLogin("eve", 25),
    lastLogin("bob", 5),
  ]],
  "the latest of all sources and of the sessions now": [
    { wtmp: WTMP, lastlog2: LASTLOG2 },
    { sessions: [ANN, { ...ANN, username: "new", loginTime: 1 }, { ...ANN, loginTime: null }] },
    [
      `${PTY} 3`,
      lastLogin("ann", 40),
      lastLogin("bob", 30),
      lastLogin("eve", 25),
      lastLogin("new", 1),
    ],
  ],
  "sessions alone give no last logins": [{ btmp: BTMP }, { sessions: [ANN] }, [
    ...FAILED,
    ...BY_IP,
  ]],
  "no source that can be read gives nothing": [
    {
      wtmp: failedPastRead("wtmp"),
      btmp: failedPastRead("btmp"),
      lastlog2: failedPastRead("lastlog2"),
    },
    { sessions: [ANN] },
    [],
  ],
  "a first pass that has not ended gives nothing": [
    { wtmp: pastRead("wtmp", null), btmp: pastRead("btmp", null) },
    { sessions: [ANN] },
    [],
  ],
  "more users than series: the latest logins have one": [
    { wtmp: WTMP, lastlog2: pastRead("lastlog2", lastLoginsWith({ eve: 25 }, 4)) },
    { maxSeries: 2 },
    [
      `${PTY} 3`,
      lastLogin("bob", 30),
      lastLogin("eve", 25),
      "unix_user_exporter_last_logins_dropped 5",
    ],
  ],
  "without user names the latest login of all": [{ wtmp: WTMP }, { dropped: ["username"] }, [
    `${PTY} 3`,
    lastLogin("", 30),
  ]],
  "without login times no last logins": [{ wtmp: WTMP }, { dropped: ["login_time"] }, [`${PTY} 3`]],
  "without origins the remote failures in one series": [{ btmp: BTMP }, { dropped: ["from"] }, [
    ...FAILED,
    'unix_failed_logins_by_ip_total{ip=""} 8',
  ]],
  "no remote failure gives no series without origins": [
    { btmp: pastRead("btmp", failedLoginsWith({})) },
    { dropped: ["from"] },
    ['unix_failed_logins_total{remote="false"} 2'],
  ],
  "the error of the addresses and the faults of each file": [
    {
      wtmp: pastRead("wtmp", { ...loginsWith(3), faults: 1 }),
      btmp: pastRead("btmp", { ...failedLoginsWith({ h: 7 }), addressError: 6, faults: 2 }),
    },
    {},
    [
      `${PTY} 3`,
      'unix_failed_logins_total{remote="true"} 7',
      'unix_failed_logins_total{remote="false"} 2',
      'unix_failed_logins_by_ip_total{ip="h"} 7',
      "unix_user_exporter_failed_logins_by_ip_error 6",
      'unix_user_exporter_history_faulty_records{source="wtmp"} 1',
      'unix_user_exporter_history_faulty_records{source="btmp"} 2',
    ],
  ],
  "hostile names and addresses are escaped": [
    {
      btmp: pastRead("btmp", failedLoginsWith({ 'h",x="1\n': 3 })),
      lastlog2: pastRead("lastlog2", lastLoginsWith({ 'a"}\n\\': 1 })),
    },
    {},
    [
      'unix_failed_logins_total{remote="true"} 3',
      'unix_failed_logins_total{remote="false"} 2',
      'unix_failed_logins_by_ip_total{ip="h\\",x=\\"1\\n"} 3',
      'unix_user_last_login_timestamp_seconds{username="a\\"}\\n\\\\"} 1',
    ],
  ],
};

for (const [what, [history, options, expected]] of Object.entries(CASES)) {
  Deno.test(`past logins: ${what}`, () => {
    assertEquals(samplesOf(history, options), expected);
  });
}

Deno.test("past logins: every kind and origin has a sample, also with 0 logins", () => {
  const exposition = { dropped: new Set<DroppableLabel>(), maxSeries: 10 };
  const history = historyWith({ wtmp: pastRead("wtmp", loginsWith(0)) });
  const [logins] = historyFamilies(history, { sessions: [], exposition });
  assertEquals([...logins?.series ?? []].length, 8);
});
