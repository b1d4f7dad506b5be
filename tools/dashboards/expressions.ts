import {
  EXPORTER_METRICS,
  type Metric,
  PROCESS_METRICS,
  SCRAPE_METRICS,
  SESSION_METRICS,
} from "../../lib/metrics/catalog.ts";

/** Metrics that Prometheus itself writes for each target. */
export const PROMETHEUS_METRICS = {
  up: { name: "up" },
  scrapeDuration: { name: "scrape_duration_seconds" },
} as const;

/** A selector of a metric of the chosen jobs and instances, with more matchers where given. */
function on({ name }: Pick<Metric, "name">, matchers = ""): string {
  const more = matchers === "" ? "" : `,${matchers}`;
  return `${name}{job=~"$job",instance=~"$instance"${more}}`;
}

const { loggedIn, sessionInfo, sessionCount, sessionsByIp, users, sessions } = SESSION_METRICS;
const known = on(loggedIn);
const buildInfo = on(EXPORTER_METRICS.buildInfo);

/**
 * A series for each row of a table of sessions, without what else the labels of a target say: a session is
 * the same when the pod of its exporter is another.
 */
function eachRow(series: string): string {
  return `max by (job, instance, username, from, tty) (${series})`;
}

/** The same of the info metric, which tells logins apart too. */
function eachSession(series: string): string {
  return `max by (job, instance, username, from, tty, login_time) (${series})`;
}

/** Narrows metrics that other programs have too: with all jobs chosen, a selector alone finds every target. */
const OF_EXPORTERS = `and on (job, instance) ${buildInfo}`;

/** The same where a scrape has failed: an exporter is what answered as one within the time range. */
const ONCE_OF_EXPORTERS = `and on (job, instance) last_over_time(${buildInfo}[$__range])`;

const info = on(sessionInfo);

/** The ten largest numbers of sessions seen in the time range, begun in it or before. */
function mostActive(labels: string): string {
  return `topk(10, count by (${labels}) (${eachSession(`last_over_time(${info}[$__range])`)}))`;
}

/** Whether a source of each host could be read; a broken one beside it does not count. */
const readable = `max by (job, instance) (${on(SCRAPE_METRICS.sourceUp)})`;

/** Seconds since the login of each session; 0 where the clock of the host is ahead. */
const login = eachRow(on(SESSION_METRICS.loginTimestamp));
const duration = `clamp_min(time() - ${login}, 0)`;

/** The state of the sessions. */
export const SESSIONS = {
  total: `sum(${known})`,
  /**
   * Names are distinct over all hosts. Where they are dropped or above the cap there are as many at least as
   * the largest host counts.
   */
  people: `count(count by (username) (${on(sessionCount, 'username!=""')})) ` +
    `> max(${on(users)}) or max(${on(users)})`,
  hostsInUse: `sum(${known} > bool 0)`,
  remote: `sum(${on(sessions, 'remote="true"')})`,
  byKind: `sum by (kind, remote) (${on(sessions)}) > 0`,
  byHost: `sum by (instance) (${known})`,
  byUser: `sum by (username) (${on(sessionCount)})`,
  byAddress: `sum by (ip) (${on(sessionsByIp)})`,
  /** Milliseconds since the epoch, as Grafana wants times. */
  login: `${login} * 1000`,
  lastLogin: `max(${on(SESSION_METRICS.loginTimestamp)}) * 1000`,
  duration,
  idle: eachRow(on(SCRAPE_METRICS.idle)),
  longest: `topk(10, ${duration})`,
  longestTime: `max(${duration})`,
} as const;

const BEFORE = "offset $__interval";
const knownNow = `sum by (job, instance) (${known})`;
const knownBefore = `sum by (job, instance) (${known} ${BEFORE})`;

/** Sessions by host, those before and now and those that were seen in between. */
const SESSIONS_OF = {
  now: eachSession(info),
  before: eachSession(`${info} ${BEFORE}`),
  since: eachSession(`last_over_time(${info}[$__interval])`),
  beforeAndSince: eachSession(`last_over_time(${info}[$__interval]) or ${info} ${BEFORE}`),
} as const;

/**
 * The sum over the hosts of the larger of two counts of events: of sessions that came or went, and how much the
 * number of sessions grew or shrank, which is known where labels are dropped or sessions have no series.
 */
function events(counted: string, change: string): string {
  const count = `count by (job, instance) (${counted})`;
  const least = `clamp_min(${change}, 0)`;
  return `sum(${count} > ${least} or ${least} or ${count})`;
}

/**
 * What happened. A session is a series of the info metric, so that one which comes and goes between two
 * points still counts, and the clock of the host does not matter. A host that could not tell its sessions
 * at the other end of the interval does not count: nobody logs in or out when an exporter restarts.
 */
export const ACTIVITY = {
  logins: events(
    `(${SESSIONS_OF.since} unless ${SESSIONS_OF.before}) and on (job, instance) ${knownBefore}`,
    `${knownNow} - ${knownBefore}`,
  ),
  logouts: events(
    `(${SESSIONS_OF.beforeAndSince} unless ${SESSIONS_OF.now}) ` +
      `and on (job, instance) ${knownNow} and on (job, instance) ${knownBefore}`,
    `${knownBefore} - ${knownNow}`,
  ),
  users: mostActive("username"),
  addresses: mostActive("from"),
  terminals: mostActive("instance, tty"),
} as const;

/** The state of the hosts, their sources and exporters. */
export const EXPORTERS = {
  down: `sum(${on(PROMETHEUS_METRICS.up)} == bool 0 ${ONCE_OF_EXPORTERS})`,
  up: `min(${on(PROMETHEUS_METRICS.up)} ${ONCE_OF_EXPORTERS})`,
  unreadable: `sum(${readable} == bool 0)`,
  readable: `min(${readable})`,
  state: readable,
  sourceUp: `min by (instance, source) (${on(SCRAPE_METRICS.sourceUp)})`,
  sessions: `sum by (job, instance) (${known})`,
  people: `sum by (job, instance) (${on(users)})`,
  boot: `max by (job, instance) (${on(SESSION_METRICS.bootTime)}) * 1000`,
  uptime: `time() - max(${on(SESSION_METRICS.bootTime)})`,
  version: `max by (job, instance, version) (${on(EXPORTER_METRICS.buildInfo)})`,
  failures: `sum by (instance, source, reason) ` +
    `(rate(${on(EXPORTER_METRICS.readFailures)}[$__rate_interval])) > 0`,
  stale: `sum(${on(SESSION_METRICS.stale)})`,
  closing: `sum(${on(SESSION_METRICS.closing)})`,
  faulty: `sum(${on(SESSION_METRICS.faultyRecords)})`,
  dropped: `sum(${on(SESSION_METRICS.seriesDropped)})`,
  overLimit: `sum(${on(SESSION_METRICS.overLimit)})`,
  records: `sum by (type) (${on(SESSION_METRICS.records)}) > 0`,
  sourceAge: `time() - max by (instance, source) (${on(SCRAPE_METRICS.sourceModified)})`,
  readDuration: `max by (instance) (${on(SCRAPE_METRICS.readDuration)})`,
  scrapeDuration: `max by (instance) (${
    on(PROMETHEUS_METRICS.scrapeDuration)
  } ${ONCE_OF_EXPORTERS})`,
  memory: `sum by (instance) (${on(PROCESS_METRICS.residentMemory)} ${OF_EXPORTERS})`,
  cpu: `sum by (instance) (rate(${on(PROCESS_METRICS.cpu)}[$__rate_interval]) ${OF_EXPORTERS})`,
  webConfig: `min by (instance) (${on(EXPORTER_METRICS.lastReload)})`,
  running: `time() - max by (instance) (${on(PROCESS_METRICS.startTime)} ${OF_EXPORTERS})`,
} as const;

/** The values that the variables can take. */
export const VARIABLES = {
  job: `label_values(${EXPORTER_METRICS.buildInfo.name}, job)`,
  instance: `label_values(${EXPORTER_METRICS.buildInfo.name}{job=~"$job"}, instance)`,
} as const;
