import { DROPPABLE_LABELS, type DroppableLabel } from "../../lib/sessions/dropped_labels.ts";
import { loginTimeText } from "../../lib/sessions/login_time.ts";
import type { Session } from "../../lib/sessions/session.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { exposed } from "../support/exposed.ts";
import { observationOf, resultWith, snapshotWith } from "../support/observations.ts";

function session(username: string, from: string, tty: string, loginTime: number): Session {
  return { username, from, tty, kind: "pty", remote: from !== "-", loginTime, pid: null };
}

const SESSIONS = [
  session("ann", "h1", "pts/1", 3_000),
  session("ann", "h2", "pts/2", 1_000),
  session("bob", "h1", "pts/3", 2_000),
];
const [FIRST, SECOND, THIRD] = [3_000, 1_000, 2_000].map(loginTimeText);
const IDLE = new Map(SESSIONS.map((each, i) => [each, (i + 1) * 10]));

/** The samples of sessions. */
function seriesOf(
  { dropped = [], maxSeries = 10, sessions = SESSIONS }: {
    readonly dropped?: readonly DroppableLabel[];
    readonly maxSeries?: number;
    readonly sessions?: readonly Session[];
  },
): readonly string[] {
  const collected = observationOf(resultWith(snapshotWith({ sessions })), { stale: 7, idle: IDLE });
  const text = exposed(collected, { dropped: new Set(dropped), maxSeries });
  return text.split("\n").filter((line) => /^unix_(?!sessions|.*(source|records))/.test(line));
}

Deno.test("without dropped labels and below the cap, every session has its series", () => {
  assertEquals(seriesOf({}), [
    "unix_users_logged_in_total 3",
    `unix_user_session_info{username="ann",from="h1",tty="pts/1",login_time="${FIRST}"} 1`,
    `unix_user_session_info{username="ann",from="h2",tty="pts/2",login_time="${SECOND}"} 1`,
    `unix_user_session_info{username="bob",from="h1",tty="pts/3",login_time="${THIRD}"} 1`,
    'unix_user_session_count{username="ann"} 2',
    'unix_user_session_count{username="bob"} 1',
    'unix_user_session_by_ip{ip="h1"} 2',
    'unix_user_session_by_ip{ip="h2"} 1',
    "unix_logged_in_users 2",
    'unix_session_login_timestamp_seconds{username="ann",from="h1",tty="pts/1"} 3000',
    'unix_session_login_timestamp_seconds{username="ann",from="h2",tty="pts/2"} 1000',
    'unix_session_login_timestamp_seconds{username="bob",from="h1",tty="pts/3"} 2000',
    "unix_stale_sessions 7",
    "unix_user_exporter_series_dropped 0",
    "unix_user_exporter_sessions_over_limit 0",
    'unix_session_idle_seconds{username="ann",from="h1",tty="pts/1"} 10',
    'unix_session_idle_seconds{username="ann",from="h2",tty="pts/2"} 20',
    'unix_session_idle_seconds{username="bob",from="h1",tty="pts/3"} 30',
  ]);
});

Deno.test("a dropped label is empty and its series are merged", () => {
  assertEquals(seriesOf({ dropped: ["from", "tty"] }), [
    "unix_users_logged_in_total 3",
    `unix_user_session_info{username="ann",from="",tty="",login_time="${FIRST}"} 1`,
    ...(SECOND === FIRST ? [] : [
      `unix_user_session_info{username="ann",from="",tty="",login_time="${SECOND}"} 1`,
    ]),
    `unix_user_session_info{username="bob",from="",tty="",login_time="${THIRD}"} 1`,
    'unix_user_session_count{username="ann"} 2',
    'unix_user_session_count{username="bob"} 1',
    'unix_user_session_by_ip{ip=""} 3',
    "unix_logged_in_users 2",
    'unix_session_login_timestamp_seconds{username="ann",from="",tty=""} 3000',
    'unix_session_login_timestamp_seconds{username="bob",from="",tty=""} 2000',
    "unix_stale_sessions 7",
    "unix_user_exporter_series_dropped 0",
    "unix_user_exporter_sessions_over_limit 0",
    'unix_session_idle_seconds{username="ann",from="",tty=""} 10',
    'unix_session_idle_seconds{username="bob",from="",tty=""} 30',
  ]);
});

Deno.test("all labels dropped: no series has personal data or login times", () => {
  assertEquals(seriesOf({ dropped: DROPPABLE_LABELS }), [
    "unix_users_logged_in_total 3",
    'unix_user_session_info{username="",from="",tty="",login_time=""} 1',
    'unix_user_session_count{username=""} 3',
    'unix_user_session_by_ip{ip=""} 3',
    "unix_logged_in_users 2",
    "unix_stale_sessions 7",
    "unix_user_exporter_series_dropped 0",
    "unix_user_exporter_sessions_over_limit 0",
    'unix_session_idle_seconds{username="",from="",tty=""} 10',
  ]);
});

Deno.test("above the cap the oldest sessions keep their series, and the totals stay exact", () => {
  assertEquals(seriesOf({ maxSeries: 1 }), [
    "unix_users_logged_in_total 3",
    `unix_user_session_info{username="ann",from="h2",tty="pts/2",login_time="${SECOND}"} 1`,
    'unix_user_session_count{username="ann"} 2',
    'unix_user_session_by_ip{ip="h2"} 1',
    "unix_logged_in_users 2",
    'unix_session_login_timestamp_seconds{username="ann",from="h2",tty="pts/2"} 1000',
    "unix_stale_sessions 7",
    "unix_user_exporter_series_dropped 2",
    "unix_user_exporter_sessions_over_limit 0",
    'unix_session_idle_seconds{username="ann",from="h2",tty="pts/2"} 20',
  ]);
});

for (const [maxSeries, dropped] of [[0, 3], [2, 1], [3, 0], [4, 0]] as const) {
  Deno.test(`with a cap of ${maxSeries}, ${dropped} of 3 sessions have no series, in any order`, () => {
    const series = seriesOf({ maxSeries });
    const infos = series.filter((line) => line.startsWith("unix_user_session_info"));
    assertEquals(infos.length, 3 - dropped);
    assert(series.includes(`unix_user_exporter_series_dropped ${dropped}`));
    const reversed = seriesOf({ maxSeries, sessions: SESSIONS.toReversed() });
    if (dropped > 0) assertEquals(reversed, series);
    else assertEquals(reversed.toSorted(), series.toSorted());
  });
}

Deno.test("the most hostile session adds at most what docs/metrics.md says to the body", () => {
  const hostile = (length: number): string => "\\x1b".repeat(length);
  const sizeOf = (count: number, [user, from, tty]: readonly [number, number, number]): number => {
    const sessions = Array.from({ length: count }, (_, i) => {
      const digits = String(i).padStart(4, "0");
      const texts = [digits + hostile(user - 4), digits + hostile(from - 4), hostile(tty)] as const;
      return session(...texts, 1e9 + 0.123456);
    });
    const idle = new Map(sessions.map((each, i) => [each, i + 0.123456]));
    const collected = observationOf(resultWith(snapshotWith({ sessions })), { stale: 7, idle });
    const text = exposed(collected, { dropped: new Set(), maxSeries: 100 });
    return new TextEncoder().encode(text).length;
  };
  for (
    const [lengths, least, most] of [
      [[32, 256, 32], 6_000, 7_000],
      [[256, 256, 256], 14_000, 15_000],
    ] as const
  ) {
    const size = (sizeOf(100, lengths) - sizeOf(0, lengths)) / 100;
    assert(size > least && size <= most, `${lengths}: ${size}`);
  }
});
