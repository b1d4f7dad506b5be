import { EXPORTER_METRICS, SCRAPE_METRICS, SESSION_METRICS } from "../../lib/metrics/catalog.ts";
import { PROMETHEUS_METRICS } from "./expressions.ts";
import type { Parameters } from "./parameters.ts";

const { loggedIn, sessionInfo, sessionCount, sessionsByIp, loginTimestamp } = SESSION_METRICS;
const { name: buildInfo } = EXPORTER_METRICS.buildInfo;
const { name: up } = PROMETHEUS_METRICS.up;

/** The record that remembers who came from where. */
export const ORIGINS = "job_username_from:unix_user_session_info:count";

/** The record that remembers how many sessions a host had. */
export const MOST = "job_instance:unix_users_logged_in:max5m";

/** The record that remembers which targets answered as this exporter. */
export const ANSWERED = "job_instance:unix_user_exporter_build_info:present";

/**
 * A metric as it was last seen. A login that is shorter than the evaluation interval counts, and a scrape that
 * is missed ends no alert.
 */
function seen({ name }: { readonly name: string }, matchers = ""): string {
  return `last_over_time(${name}${matchers}[5m])`;
}

/**
 * What is written where an origin would be and is none, as a regular expression: windows of screen, panes of
 * tmux, and what mosh and Eternal Terminal write when nobody is attached. This exporter shows no such origin;
 * older ones do, and their series are still there after an upgrade.
 */
const NO_ORIGIN = String.raw`(.*:S\\.|tmux\\().*|(mosh|et) \\[[0-9]+\\]`;

/** An origin with what mosh and displays add to it: the address or name is in one of the groups. */
const DECORATED = String.raw`(.+) via mosh \\[[0-9]+\\]|([^:]+):[0-9]+(?:\\.[0-9]+)?|(.+)`;

/**
 * Remote sessions: those whose origin is one that the exporter counts as remote, name or address. The label
 * `ip` is added; joined by all labels of the target, as several sites may have the same addresses.
 */
function remote(matchers: string): string {
  return `
    label_replace(
      ${
    seen(sessionInfo, `{${matchers},from!="",from!~"${NO_ORIGIN}"}`)
  }, "ip", "$1", "from", "(.+)"
    )
    and ignoring (username, from, tty, login_time)
    ${seen(sessionsByIp)}`;
}

function outsideHours({ dayBegins, dayEnds, utcOffset }: Parameters): string {
  const login = seen(loginTimestamp);
  const there = `${login} + 3600 * ${utcOffset}`;
  return `
(
    hour(${there}) < ${dayBegins}
  or
    hour(${there}) >= ${dayEnds}
  or
    day_of_week(${there}) == 0
  or
    day_of_week(${there}) == 6
)
and
  time() - ${login} < 3600`;
}

/**
 * Sessions by their login; and, with the days as value, those behind a later login of the same user from the
 * same origin on the same terminal: their info metric was there so many days ago.
 */
function old({ oldDays }: Parameters): string {
  const info = `${sessionInfo.name}{login_time!~"-?"}[5m]`;
  return `
time() - ${seen(loginTimestamp)} > ${oldDays} * 86400
or
  max without (login_time) (
    last_over_time(${info}) and last_over_time(${info} offset ${oldDays}d)
  ) * ${oldDays} * 86400`;
}

function rise({ riseFactor, riseSessions }: Parameters): string {
  const usual = `max_over_time(${MOST}[7d] offset 1h)`;
  return `
${MOST} > ${riseFactor} * ${usual}
and
  ${MOST} - ${usual} >= ${riseSessions}
and
  present_over_time(${MOST}[7d] offset 7d)`;
}

/** That a target has answered is known for as long as it is away, and over two days without Prometheus. */
const answered = `last_over_time(${ANSWERED}[2d])`;

/** The expressions of what the alerts look back on. */
export const RECORDED = {
  answered: `
max by (job, instance) (present_over_time(${buildInfo}[5m]))
or
max by (job, instance) (${answered} and on (job, instance) ${up} == 0)`,
  most: `max by (job, instance) (max_over_time(${loggedIn.name}[5m]))`,
  // Two sessions whose origins differ in what is added to them only are one series: they are added up under
  // another label first, because label_replace fails where two series become one.
  origins: `
sum without (origin) (
  label_replace(
    count by (job, username, origin) (
      label_replace(${remote('username!=""')},
        "origin", "$1$2$3", "from", "${DECORATED}"
      )
    ), "from", "$1", "origin", "(.+)"
  )
)`,
} as const;

/** The expressions of the alerts. */
export type AlertExpressions = Readonly<
  Record<
    | "down"
    | "unreadable"
    | "dropped"
    | "stale"
    | "root"
    | "outsideHours"
    | "manySessions"
    | "old"
    | "rise"
    | "newAddress",
    string
  >
>;

/** The expressions of the alerts for a place; they need no job and no instance to be set. */
export function alertExpressions(parameters: Parameters): AlertExpressions {
  return {
    down: `
${up} == 0
and on (job, instance)
${answered}`,
    unreadable: `
${seen(SCRAPE_METRICS.sourceUp)} == 0
unless ignoring (source)
${seen(SCRAPE_METRICS.sourceUp)} == 1`,
    // Whatever else the labels of a target say stays, but for what changes when its pod is replaced.
    root: `
max without (ip, pod, container, endpoint) (${remote('username="root"')}
)`,
    outsideHours: outsideHours(parameters),
    manySessions: `${seen(sessionCount, '{username!=""}')} > ${parameters.manySessions}`,
    rise: rise(parameters),
    old: old(parameters),
    newAddress: `
${ORIGINS}
unless
  last_over_time(${ORIGINS}[14d] offset 1h)
and on (job, username)
  present_over_time(${ORIGINS}[7d] offset 7d)`,
    stale: `${seen(SESSION_METRICS.stale)} > 0`,
    dropped: `${seen(SESSION_METRICS.seriesDropped)} > 0`,
  };
}
