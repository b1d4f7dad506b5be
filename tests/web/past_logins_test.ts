import type { DroppableLabel } from "../../lib/sessions/dropped_labels.ts";
import { durationText } from "../../lib/cli/duration.ts";
import { loginTimeText } from "../../lib/sessions/login_time.ts";
import type { HistoryResult } from "../../lib/sessions/history.ts";
import { MAX_USERS } from "../../lib/web/past_logins.ts";
import { pageHtml } from "../../lib/web/page.ts";
import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";
import { observationOf, resultWith, snapshotWith } from "../support/observations.ts";
import {
  failedLoginsWith,
  failedPastRead,
  historyWith,
  lastLoginsWith,
  loginsWith,
  pastRead,
} from "../support/past_logins.ts";

const NOW = 1_753_280_160;

function pageOf(
  history: Partial<HistoryResult> | null,
  dropped: readonly DroppableLabel[] = [],
): string {
  const collected = {
    ...observationOf(resultWith(snapshotWith())),
    history: history === null ? null : historyWith(history),
  };
  const names = { version: "1.2.3", telemetryPath: "/metrics" };
  return pageHtml({ collected, dropped: new Set(dropped), now: NOW, ...names });
}

/** The cells of all rows, as text that is still escaped. */
function cellsOf(page: string): readonly string[] {
  return [...page.matchAll(/<td[^>]*>([^]*?)<\/td>/g)].map(([, text = ""]) => text);
}

const HISTORY = {
  wtmp: pastRead("wtmp", loginsWith(3, { "<ann>": NOW - 60, bob: NOW - 3_600 })),
  btmp: pastRead("btmp", failedLoginsWith({ "<h>": 7, "192.0.2.1": 2 })),
};
const ANN = ["&lt;ann&gt;", loginTimeText(NOW - 60), durationText(60)];
const BOB = ["bob", loginTimeText(NOW - 3_600), durationText(3_600)];
const ADDRESSES = ["&lt;h&gt;", "7", "192.0.2.1", "2"];

Deno.test("the page has tables of last logins and of failures by address, all text escaped", () => {
  const page = pageOf(HISTORY);
  assertEquals(cellsOf(page), [...ANN, ...BOB, ...ADDRESSES]);
  assertStringIncludes(page, "9 from remote addresses, 2 local.");
});

for (
  const [dropped, cells] of [
    [["username"], ADDRESSES],
    [["login_time"], ADDRESSES],
    [["from"], [...ANN, ...BOB]],
    [["username", "from"], []],
  ] as const
) {
  Deno.test(`the page of past logins without ${dropped.join(" and ")}`, () => {
    assertEquals(cellsOf(pageOf(HISTORY, dropped)), cells);
  });
}

Deno.test("the page says what cannot be read and what is still being read", () => {
  const page = pageOf({ wtmp: failedPastRead("wtmp"), btmp: pastRead("btmp", null) });
  assertStringIncludes(page, "wtmp cannot be read.");
  assertStringIncludes(page, "/var/log/btmp is being read.");
  assertEquals(cellsOf(page), []);
});

Deno.test("the page lists the latest logins only, and says so", () => {
  const names = Array.from({ length: MAX_USERS + 1 }, (_, i) => [`user${i}`, NOW - i] as const);
  const page = pageOf({
    lastlog2: pastRead("lastlog2", lastLoginsWith(Object.fromEntries(names))),
  });
  assertEquals(cellsOf(page).length, 3 * MAX_USERS);
  assertStringIncludes(page, `These are the latest ${MAX_USERS} of ${MAX_USERS + 1} users.`);
  assert(!page.includes(`user${MAX_USERS}<`));
});

Deno.test("the page has no tables of past logins without a source of them", () => {
  assert(!/<h2>|<td/.test(pageOf(null)));
});
