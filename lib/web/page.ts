import { type DroppedLabels, sessionLabels } from "../sessions/dropped_labels.ts";
import { durationText } from "../cli/duration.ts";
import { type Html, html } from "./html.ts";
import { loginTimeText } from "../sessions/login_time.ts";
import { readsOf } from "../sessions/past_logins.ts";
import { NONE, type Session } from "../sessions/session.ts";
import { pastLoginsHtml } from "./past_logins.ts";
import type { Page } from "./handler.ts";
import { type Column, tableHtml } from "./table.ts";
import type { CollectResult } from "../sessions/collect_result.ts";
import type { ReadFailure, VisibleSessions } from "../sessions/snapshot.ts";

/** The maximum number of sessions on the page. The newest are listed. */
export const MAX_ROWS = 1_000;

/** The columns of the sessions. */
const COLUMNS: readonly Column[] = [
  { name: "User" },
  { name: "From" },
  { name: "Terminal" },
  ...["Kind", "Login", "Duration", "Idle"].map((name) => ({ name, isShort: true })),
];

/** How often a browser reloads the page, in seconds. */
const REFRESH = 15;

/** The effect of a failure. */
const UNKNOWN = "The sessions cannot be read, so it is not known who is logged in.";
const INCOMPLETE = "Sessions that only this source knows are missing.";

/** The style of the page. Its hash is in the Content-Security-Policy. */
export const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { overflow-wrap: anywhere; margin: 0 auto; max-width: 70rem; padding: 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: .3rem .6rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th, tr + tr td { border-top: 1px solid #8886; }
th, td.short { white-space: nowrap; font-variant-numeric: tabular-nums; }
.failure { border-left: .3rem solid #c33; padding-left: .7rem; }
.note { opacity: .75; }
@media (max-width: 45rem) {
  thead { display: none; }
  tr { display: block; border-top: 1px solid #8886; padding: .4rem 0; }
  td, tr + tr td { display: flex; gap: .6rem; border: 0; padding: .1rem 0; }
  td::before { content: attr(data-name); flex: 0 0 6rem; opacity: .75; }
}
`;

/**
 * The Content-Security-Policy of the page. It allows only the style of the page, by its hash.
 */
export async function contentSecurityPolicy(): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(STYLE));
  const hash = new Uint8Array(digest).toBase64();
  return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; ` +
    "frame-ancestors 'none'";
}

/** Creates the page, with the policy that it needs. */
export async function createPage(content: PageContent): Promise<Page> {
  return { html: pageHtml(content), policy: await contentSecurityPolicy() };
}

/** The content of the page. Texts may contain anything. */
export interface PageContent {
  readonly collected: CollectResult;
  readonly dropped: DroppedLabels;
  readonly version: string;
  readonly telemetryPath: string;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** The page at `/`: who is logged in now, as HTML without scripts. */
export function pageHtml(content: PageContent): string {
  const { collected, version, telemetryPath } = content;
  const { visible, results, history } = collected;
  const failures = results.flatMap((result) => result.ok ? [] : [result.failure]);
  const pastFailures = history === null ? [] : readsOf(history)
    .flatMap((read) => read.ok ? [] : [read.failure]);
  const sessions = visible?.sessions ?? [];
  return html`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="refresh" content="${REFRESH}">
        <title>Sessions - unix-user-exporter</title>
        <style>${{ html: STYLE }}</style>
      </head>
      <body>
    <h1>Who is logged in</h1>
    ${visible === null ? html`<p>${UNKNOWN}</p>` : sessionsHtml(visible, content)}
    ${failures.map((failure) => failureHtml(failure, visible === null ? "" : INCOMPLETE))}
    ${history === null ? "" : pastLoginsHtml(history, { ...content, sessions })}
    ${pastFailures.map((failure) => failureHtml(failure, ""))}
    <p class="note"><a href="${telemetryPath}">Metrics</a> | <a href="/-/healthy">Health</a> |
    <a href="/-/ready">Readiness</a> | unix-user-exporter ${version}</p>
      </body>
    </html>
  `.html;
}

function failureHtml({ source, path, reason, error, advice }: ReadFailure, what: string): Html {
  return html`<p class="failure">${source} cannot be read. ${what}
What happened at ${path}: ${error} (${reason}). What to do: ${advice}.</p>`;
}

function sessionsHtml(
  { sessions, stale, closing }: VisibleSessions,
  { collected: { results, idle }, dropped, now }: PageContent,
): Html {
  const users = new Set(sessions.map(({ username }) => username)).size;
  const rows = sessions.toSorted((a, b) => (b.loginTime ?? 0) - (a.loginTime ?? 0))
    .slice(0, MAX_ROWS)
    .map((session) => rowOf(session, { dropped, now, idle: idle.get(session) ?? null }));
  const read = results.flatMap((result) => result.ok ? [`${result.source} at ${result.path}`] : []);
  const source = html`<p class="note">Read from ${read.join(" and ")}.
${stale ? `Left out: ${counted(stale, "session")} without a process.` : ""}
${closing ? `Not counted: ${counted(closing, "session")} whose login has ended.` : ""}</p>`;
  // Not "nobody is logged in": users may be excluded, and their number is private.
  if (sessions.length === 0) return html`<p>No sessions to show.</p>${source}`;
  const more = sessions.length > MAX_ROWS
    ? html`<p class="note">These are the newest ${MAX_ROWS} of ${sessions.length} sessions.</p>`
    : html``;
  return html`
    <p>${counted(sessions.length, "session")} of ${counted(users, "user")}.</p>
    ${more}
    ${tableHtml(COLUMNS, rows)}
    ${source}
  `;
}

/** The texts of a session, one for each of {@link COLUMNS}. */
function rowOf(
  session: Session,
  { dropped, now, idle }: {
    readonly dropped: DroppedLabels;
    readonly now: number;
    readonly idle: number | null;
  },
): readonly string[] {
  const { username, from, tty } = sessionLabels(session, dropped);
  const time = dropped.has("login_time") ? null : session.loginTime;
  const login = dropped.has("login_time") ? "" : time === null ? NONE : loginTimeText(time);
  const duration = time === null ? "" : durationText(now - time);
  const idleText = idle === null ? "" : durationText(idle);
  return [username, from, tty, session.kind, login, duration, idleText];
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
