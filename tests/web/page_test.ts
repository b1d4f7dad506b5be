import type { DroppableLabel } from "../../lib/sessions/dropped_labels.ts";
import { loginTimeText } from "../../lib/sessions/login_time.ts";
import { contentSecurityPolicy, MAX_ROWS, pageHtml, STYLE } from "../../lib/web/page.ts";
import type { Session } from "../../lib/sessions/session.ts";
import type { CollectResult } from "../../lib/sessions/collect_result.ts";
import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import {
  failedObservation,
  failedResult,
  observationOf,
  resultWith,
  snapshotWith,
} from "../support/observations.ts";

const NOW = 1_753_280_160;

function session(values: Partial<Session> = {}): Session {
  return {
    ...{ username: "ann", from: "192.0.2.1", tty: "pts/1", kind: "pty", remote: true },
    ...{ loginTime: NOW - 3_700, pid: 1, ...values },
  };
}

/** A result in which these sessions are visible. */
function observed(
  sessions: readonly Session[],
  values: Parameters<typeof observationOf>[1] = {},
): ReturnType<typeof observationOf> {
  return observationOf(resultWith(snapshotWith()), { sessions, ...values });
}

function pageOf(collected: CollectResult, dropped: readonly DroppableLabel[] = []): string {
  const texts = { version: "1.2.3", telemetryPath: "/metrics" };
  return pageHtml({ collected, dropped: new Set(dropped), now: NOW, ...texts });
}

function assertIncludes(page: string, ...texts: readonly string[]): void {
  assertEquals(texts.filter((text) => !page.includes(text)), []);
}

/** The cells of each row, as text that is still escaped. */
function rowsOf(page: string): readonly (readonly string[])[] {
  const body = /<tbody>([^]*)<\/tbody>/.exec(page)?.[1] ?? "";
  return body.split("<tr>").slice(1).map((row) =>
    [...row.matchAll(/<td[^>]*>([^]*?)<\/td>/g)].map(([, text = ""]) => text)
  );
}

Deno.test("each session is a row, with the newest login first", () => {
  const local = { from: "-", tty: "tty1", kind: "console" } as const;
  const old = session({ username: "bob", loginTime: NOW - 90_000, ...local });
  const unknown = session({ username: "eve", loginTime: null });
  const fresh = session();
  const page = pageOf(observed([old, unknown, fresh], { idle: new Map([[fresh, 65]]) }));
  assertEquals(rowsOf(page), [
    ["ann", "192.0.2.1", "pts/1", "pty", loginTimeText(NOW - 3_700), "1h 1m", "1m 5s"],
    ["bob", "-", "tty1", "console", loginTimeText(NOW - 90_000), "1d 1h", ""],
    ["eve", "192.0.2.1", "pts/1", "pty", "-", "", ""],
  ]);
  const read = "Read from logind at /run/systemd/sessions.";
  assertIncludes(page, "3 sessions of 3 users.", read, '<a href="/metrics">Metrics</a>');
});

Deno.test("dropped labels are not on the page", () => {
  const page = pageOf(observed([session()]), ["username", "from", "tty", "login_time"]);
  assertEquals(rowsOf(page), [["", "", "", "pty", "", "", ""]]);
  assert(!/ann|192\.0\.2\.1|pts\/1/.test(page));
});

Deno.test("the page lists the newest of many sessions, with a note", () => {
  const many = Array.from({ length: MAX_ROWS + 1 }, (_, i) => session({ loginTime: NOW - i }));
  const page = pageOf(observed(many));
  assertEquals(rowsOf(page).length, MAX_ROWS);
  assertIncludes(page, "These are the newest 1000 of 1001 sessions.");
  assert(!pageOf(observed(many.slice(1))).includes("These are the newest"));
});

for (
  const [values, note] of [
    [{ stale: null, closing: null }, undefined],
    [{ stale: 0, closing: 0 }, undefined],
    [{ stale: 1 }, "Left out: 1 session without a process."],
    [{ stale: 3 }, "Left out: 3 sessions without a process."],
    [{ closing: 1 }, "Not counted: 1 session whose login has ended."],
    [{ closing: 2 }, "Not counted: 2 sessions whose login has ended."],
  ] as const
) {
  Deno.test(`the page of ${JSON.stringify(values)} does not show the number of excluded users: ${note}`, () => {
    const snapshot = snapshotWith({ sessions: [1, 2, 3, 4, 5].map((pid) => session({ pid })) });
    for (const sessions of [[], [session()]]) {
      const page = pageOf(observationOf(resultWith(snapshot), { sessions, ...values }));
      assertEquals(page.includes("No sessions to show."), sessions.length === 0);
      assertEquals(/(Left out|Not counted): [^.]*\./.exec(page)?.[0], note);
      assert(!/left out by|\bof 5\b/.test(page));
    }
  });
}

Deno.test("the page names every source that was read, and the failures of the others", () => {
  const logind = resultWith(snapshotWith());
  const utmp = resultWith(snapshotWith(), { source: "utmp", path: "/run/utmp" });
  const one = observed([session()]);
  const both = pageOf({ ...one, results: [utmp, logind] });
  assertIncludes(both, "Read from utmp at /run/utmp and logind at /run/systemd/sessions.");
  assert(!both.includes("What happened"));
  assertIncludes(
    pageOf({ ...one, results: [failedResult("utmp"), logind] }),
    "Read from logind at /run/systemd/sessions.",
    "utmp cannot be read. Sessions that only this source knows are missing.",
    "What happened at /x: e (denied). What to do: a.",
  );
});

Deno.test("the page shows why there are no sessions", () => {
  const failed = pageOf(failedObservation(failedResult("utmp"), failedResult("logind", "io")));
  assertIncludes(
    failed,
    "The sessions cannot be read, so it is not known who is logged in.",
    "What happened at /x: e (denied). What to do: a.",
    "What happened at /x: e (io). What to do: a.",
  );
  assert(!failed.includes("are missing"));
});

Deno.test("every text on the page is escaped, and nothing on it runs or is loaded", () => {
  const hostile = `</td></table><script>alert(1)</script><img src=x onerror=y>"'&`;
  const escaped =
    "&lt;/td&gt;&lt;/table&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=y&gt;&quot;&#39;&amp;";
  const collected = observed([session({ username: hostile, from: hostile, tty: hostile })]);
  const texts = { version: hostile, telemetryPath: hostile };
  const page = pageHtml({ collected, dropped: new Set(), now: NOW, ...texts });
  const failure = { path: hostile, error: hostile, advice: hostile };
  const failed = pageOf(
    failedObservation({ ok: false, failure: { source: "utmp", reason: "io", ...failure } }),
  );
  for (const [each, count] of [[page, 5], [failed, 3]] as const) {
    assertEquals(each.split(escaped).length - 1, count);
    assert(!/<script|<img|<link|https?:|url\(|@import/i.test(each));
  }
});

Deno.test("the policy of the page allows only its own style", async () => {
  assertMatch(
    await contentSecurityPolicy(),
    /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; base-uri 'none'; /,
  );
  assertIncludes(pageOf(observed([])), `<style>${STYLE}</style>`);
});
