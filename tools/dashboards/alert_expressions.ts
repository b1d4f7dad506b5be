import { LOOK_METRICS, SESSION_METRICS, TELEMETRY_METRICS } from "../../lib/catalog.ts";
import { PROMETHEUS_METRICS } from "./expressions.ts";

const { loggedIn, sessionInfo, sessionCount, sessionsByIp, loginTimestamp } = SESSION_METRICS;
const buildInfo = TELEMETRY_METRICS.buildInfo.name;

/** How far back an alert about a login looks, so that one shorter than the evaluation interval counts. */
const SEEN = "5m";

/** What to change for a place of one's own; each number is in the expression of one alert. */
export const PARAMETERS = {
  /** Where the sections of the runbook are: an address, so that alerts link to them. */
  runbook: "README.md",
  /** The working day, in hours of the time zone. */
  dayBegins: 7,
  dayEnds: 19,
  /** The time zone, in hours ahead of UTC; below 0 in America. */
  utcOffset: 0,
  /** Sessions of one user on one host. */
  manySessions: 20,
  /** A rise is one to this many times the most of the last week, ... */
  riseFactor: 2,
  /** ... and by this many sessions at least. */
  riseSessions: 10,
  oldDays: 7,
} as const;

/** Remote sessions. Their origin is one that the exporter counts as remote, name or address. */
function remote(matchers: string): string {
  return `
  label_replace(
    last_over_time(${sessionInfo.name}{${matchers}}[${SEEN}]), "ip", "$1", "from", "(.+)"
  )
  and on (job, instance, ip)
  last_over_time(${sessionsByIp.name}[${SEEN}])`;
}

/** The record that remembers who came from where. */
export const ORIGINS = "job_username_from:unix_user_session_info:count";

/** The record that remembers how many sessions a host had. */
export const MOST = "job_instance:unix_users_logged_in:max5m";

/** The record that remembers which targets answered as this exporter. */
export const ANSWERED = "job_instance:unix_user_exporter_build_info:present";

/** Logins of the last hour on a weekend or outside of these hours; the labels are those of the session. */
export function outsideHours(
  { dayBegins, dayEnds, utcOffset }: Readonly<
    Record<"dayBegins" | "dayEnds" | "utcOffset", number>
  >,
): string {
  const login = `last_over_time(${loginTimestamp.name}[${SEEN}])`;
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

const { manySessions, riseFactor, riseSessions, oldDays } = PARAMETERS;
const usual = `max_over_time(${MOST}[7d] offset 1h)`;
const answered = `last_over_time(${ANSWERED}[1d])`;

/** What was there a week ago; a day without sessions or samples does not hide it. */
const aWeekAgo = `present_over_time(${MOST}[7d] offset 7d)`;

/** The expressions of the alerts; they need no job and no instance to be set. */
export const ALERT_EXPRESSIONS = {
  down: `
${PROMETHEUS_METRICS.up.name} == 0
and on (job, instance)
${answered}`,
  /** A target that has answered once is remembered for as long as Prometheus has it. */
  answered: `
max by (job, instance) (present_over_time(${buildInfo}[5m]))
or
max by (job, instance) (${answered} and on (job, instance) ${PROMETHEUS_METRICS.up.name})`,
  unreadable: `
${LOOK_METRICS.sourceUp.name} == 0
unless on (job, instance)
${LOOK_METRICS.sourceUp.name} == 1`,
  root: `
max by (job, instance, username, from, tty, login_time) (${
    remote('username="root",from!=""').replaceAll("\n", "\n  ")
  }
)`,
  outsideHours: outsideHours(PARAMETERS),
  manySessions: `${sessionCount.name}{username!=""} > ${manySessions}`,
  most: `max by (job, instance) (max_over_time(${loggedIn.name}[5m]))`,
  rise: `
${MOST} > ${riseFactor} * ${usual}
and
  ${MOST} - ${usual} >= ${riseSessions}
and
  ${aWeekAgo}`,
  old: `time() - ${loginTimestamp.name} > ${oldDays} * 86400`,
  origins: `
count by (job, username, from) (${remote('username!="",from!=""').replaceAll("\n", "\n  ")}
)`,
  newAddress: `
${ORIGINS}
unless
  last_over_time(${ORIGINS}[14d] offset 1h)
and on (job, username)
  last_over_time(${ORIGINS}[14d] offset 1h)
and on (job)
  ${aWeekAgo}`,
  stale: `${SESSION_METRICS.stale.name} > 0`,
  dropped: `${SESSION_METRICS.seriesDropped.name} > 0`,
} as const;
