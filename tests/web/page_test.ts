import type { DroppableLabel } from "../../lib/sessions/dropped_labels.ts";
import { durationText } from "../../lib/cli/duration.ts";
import { loginTimeText } from "../../lib/sessions/login_time.ts";
import { contentSecurityPolicy, MAX_ROWS, pageHtml, STYLE } from "../../lib/web/page.ts";
import type { Session } from "../../lib/sessions/session.ts";
import type { CollectResult } from "../../lib/sessions/collect_result.ts";
import type { VisibleSessions } from "../../lib/sessions/snapshot.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import {
  failedObservation,
  failedResult,
  observationOf,
  resultWith,
  snapshotWith,
} from "../support/observations.ts";

const NOW = 1_753_280_160;

function session(values: Partial<Session>): Session {
  return {
    username: "ann",
    from: "192.0.2.1",
    tty: "pts/1",
    kind: "pty",
    remote: true,
    loginTime: NOW - 3_700,
    pid: 1,
    ...values,
  };
}

function observed(
  sessions: readonly Session[],
  idle: ReadonlyMap<Session, number> = new Map(),
): CollectResult & { readonly visible: VisibleSessions } {
  return observationOf(resultWith(snapshotWith()), { sessions, idle });
}

function pageOf(collected: CollectResult, dropped: readonly DroppableLabel[] = []): string {
  return pageHtml({
    collected,
    dropped: new Set(dropped),
    version: "1.2.3",
    telemetryPath: "/metrics",
    now: NOW,
  });
}

/** The cells of each row, as text that is still escaped. */
function rowsOf(page: string): readonly (readonly string[])[] {
  const body = /<tbody>([^]*)<\/tbody>/.exec(page)?.[1] ?? "";
  return body.split("<tr>").slice(1).map((row) =>
    [...row.matchAll(/<td[^>]*>([^]*?)<\/td>/g)].map(([, text = ""]) => text)
  );
}

Deno.test("each session is a row, with the newest login first", () => {
  const old = session({
    username: "bob",
    from: "-",
    tty: "tty1",
    kind: "console",
    loginTime: NOW - 90_000,
  });
  const unknown = session({ username: "eve", loginTime: null });
  const fresh = session({});
  const page = pageOf(observed([old, unknown, fresh], new Map([[fresh, 65]])));
  assertEquals(rowsOf(page), [
    ["ann", "192.0.2.1", "pts/1", "pty", loginTimeText(NOW - 3_700), "1h 1m", "1m 5s"],
    ["bob", "-", "tty1", "console", loginTimeText(NOW - 90_000), "1d 1h", ""],
    ["eve", "192.0.2.1", "pts/1", "pty", "-", "", ""],
  ]);
  assertStringIncludes(page, "3 sessions of 3 users.");
  assertStringIncludes(page, "Read from logind at /run/systemd/sessions.");
  assertStringIncludes(page, '<a href="/metrics">Metrics</a>');
});

Deno.test("dropped labels are not on the page", () => {
  const page = pageOf(observed([session({})]), ["username", "from", "tty", "login_time"]);
  assertEquals(rowsOf(page), [["", "", "", "pty", "", "", ""]]);
  assert(!/ann|192\.0\.2\.1|pts\/1/.test(page));
});

Deno.test("the page lists the newest of many sessions, with a note", () => {
  const many = Array.from({ length: MAX_ROWS + 1 }, (_, i) => session({ loginTime: NOW - i }));
  const page = pageOf(observed(many));
  assertEquals(rowsOf(page).length, MAX_ROWS);
  assertStringIncludes(page, "These are the newest 1000 of 1001 sessions.");
  assert(!pageOf(observed(many.slice(1))).includes("These are the newest"));
});

for (
  const [stale, why] of [
    [null, ""],
    [0, ""],
    [1, "Left out: 1 session without a process."],
    [3, "Left out: 3 sessions without a process."],
  ] as const
) {
  Deno.test(`the page does not show the number of excluded users if ${stale} sessions are stale`, () => {
    const snapshot = snapshotWith({ sessions: [1, 2, 3, 4, 5].map((pid) => session({ pid })) });
    const page = pageOf(observationOf(resultWith(snapshot), { sessions: [], stale }));
    assertStringIncludes(page, "No sessions to show.");
    assertEquals(/Left out: [^.]*\./.exec(page)?.[0] ?? "", why);
    assert(!/left out by|\bof 5\b/.test(page));
  });
}

Deno.test("the page names every source that was read, and the failures of the others", () => {
  const logind = resultWith(snapshotWith());
  const utmp = resultWith(snapshotWith(), { source: "utmp", path: "/run/utmp" });
  const one = observed([session({})]);
  const both = pageOf({ ...one, results: [utmp, logind] });
  assertStringIncludes(both, "Read from utmp at /run/utmp and logind at /run/systemd/sessions.");
  assert(!both.includes("What happened"));
  const half = pageOf({ ...one, results: [failedResult("utmp"), logind] });
  assertStringIncludes(half, "Read from logind at /run/systemd/sessions.");
  assertStringIncludes(
    half,
    "utmp cannot be read. Sessions that only this source knows are missing.",
  );
  assertStringIncludes(half, "What happened at /x: e (denied). What to do: a.");
});

Deno.test("the page shows why there are no sessions", () => {
  assertStringIncludes(pageOf(observed([])), "No sessions to show.");
  const failed = pageOf(failedObservation(failedResult("utmp"), failedResult("logind", "io")));
  assertStringIncludes(failed, "The sessions cannot be read, so it is not known who is logged in.");
  for (const reason of ["denied", "io"]) {
    assertStringIncludes(failed, `What happened at /x: e (${reason}). What to do: a.`);
  }
  assert(!failed.includes("are missing"));
});

Deno.test("the page shows the number of closing sessions, and nothing if there are none", () => {
  const one = observed([session({})]);
  for (const [closing, text] of [[1, "1 session whose"], [2, "2 sessions whose"]] as const) {
    const page = pageOf({ ...one, visible: { ...one.visible, closing } });
    assertStringIncludes(page, `Not counted: ${text} login has ended.`);
  }
  for (const closing of [0, null]) {
    assert(!pageOf({ ...one, visible: { ...one.visible, closing } }).includes("Not counted"));
  }
});

Deno.test("every text on the page is escaped, and nothing on it runs or is loaded", () => {
  const hostile = `</td></table><script>alert(1)</script><img src=x onerror=y>"'&`;
  const escaped =
    "&lt;/td&gt;&lt;/table&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=y&gt;&quot;&#39;&amp;";
  const one = session({ username: hostile, from: hostile, tty: hostile });
  const page = pageHtml({
    collected: observed([one]),
    dropped: new Set(),
    version: hostile,
    telemetryPath: hostile,
    now: NOW,
  });
  assertEquals(page.split(escaped).length - 1, 5);
  const failure = {
    source: "utmp",
    path: hostile,
    reason: "io",
    error: hostile,
    advice: hostile,
  } as const;
  const failed = pageOf(failedObservation({ ok: false, failure }));
  assertEquals(failed.split(escaped).length - 1, 3);
  for (const each of [page, failed]) {
    assert(!/<script|<img|<link|https?:|url\(|@import/i.test(each));
  }
});

Deno.test("the policy of the page allows only its own style", async () => {
  const policy = await contentSecurityPolicy();
  assertMatch(
    policy,
    /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; base-uri 'none'; /,
  );
  assertStringIncludes(pageOf(observed([])), `<style>${STYLE}</style>`);
});

for (
  const [seconds, text] of [
    [-5, "0s"],
    [0.9, "0s"],
    [1, "1s"],
    [59.9, "59s"],
    [60, "1m 0s"],
    [3_599, "59m 59s"],
    [3_600, "1h 0m"],
    [86_399, "23h 59m"],
    [86_400, "1d 0h"],
    [90_000_000, "1041d 16h"],
  ] as const
) {
  Deno.test(`${seconds} seconds are ${text}`, () => assertEquals(durationText(seconds), text));
}

Deno.test("the page shows the number of sessions without a process", () => {
  for (
    const [stale, text] of [[1, "Left out: 1 session without"], [2, "2 sessions without"]] as const
  ) {
    const collected = observed([session({})]);
    const page = pageOf({ ...collected, visible: { ...collected.visible, stale } });
    assertStringIncludes(page, text);
  }
});
