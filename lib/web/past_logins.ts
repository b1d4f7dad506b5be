import { loginTimeText } from "../sessions/login_time.ts";
import type { DroppedLabels } from "../sessions/dropped_labels.ts";
import type { FailedLogins, HistoryResult } from "../sessions/history.ts";
import { dataOf, latestUsersOf } from "../sessions/past_logins.ts";
import type { Session } from "../sessions/session.ts";
import { durationText } from "../cli/duration.ts";
import { type Html, html } from "./html.ts";
import { type Column, tableHtml } from "./table.ts";

/** The maximum number of users on the page. Those with the latest logins are listed. */
export const MAX_USERS = 100;

const LAST_LOGINS: readonly Column[] = [
  { name: "User" },
  { name: "Login", isShort: true },
  { name: "Ago", isShort: true },
];

const FAILURES: readonly Column[] = [{ name: "From" }, { name: "Failures", isShort: true }];

/** What the tables need besides the past logins. */
export interface PastLoginsOptions {
  /** The sessions now. */
  readonly sessions: readonly Session[];
  readonly dropped: DroppedLabels;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** The tables of last logins and of failed logins by address. The latter have no user names. */
export function pastLoginsHtml(history: HistoryResult, options: PastLoginsOptions): Html {
  const failed = dataOf(history.btmp);
  return html`${lastLoginsHtml(history, options)}
${failed === null ? html`` : failedLoginsHtml(failed, options)}
${unfinishedOf(history).map((path) => html`<p class="note">${path} is being read.</p>`)}`;
}

function lastLoginsHtml(
  history: HistoryResult,
  { sessions, dropped, now }: PastLoginsOptions,
): Html {
  const latest = latestUsersOf(history, { sessions, limit: MAX_USERS });
  // Without names or without times nothing is left of the table.
  if (latest === null || dropped.has("username") || dropped.has("login_time")) return html``;
  const { times, users } = latest;
  const rows = times.map(([username, time]) =>
    [username, loginTimeText(time), durationText(now - time)] as const
  );
  if (rows.length === 0) return html``;
  const more = users > MAX_USERS
    ? html`<p class="note">These are the latest ${MAX_USERS} of ${users} users.</p>`
    : html``;
  return html`
    <h2>Last logins</h2>
    ${more}
    ${tableHtml(LAST_LOGINS, rows)}
  `;
}

function failedLoginsHtml(
  { remote, local, byAddress }: FailedLogins,
  { dropped }: PastLoginsOptions,
): Html {
  const total = html`
    <h2>Failed logins</h2>
    <p>${remote} from remote addresses, ${local} local.</p>
  `;
  if (dropped.has("from") || byAddress.length === 0) return total;
  const rows = byAddress.map(({ address, failures }) => [address, failures] as const);
  return html`
    ${total}
    ${tableHtml(FAILURES, rows)}
  `;
}

/** The files that have not been read to their end yet. */
function unfinishedOf({ wtmp, btmp, wtmpdb, lastlog2 }: HistoryResult): readonly string[] {
  return [wtmp, btmp, wtmpdb, lastlog2].flatMap((read) =>
    read?.ok && read.data === null ? [read.path] : []
  );
}
