import {
  LOOK_METRICS,
  type Metric,
  PROCESS_METRICS,
  SESSION_METRICS,
  TELEMETRY_METRICS,
} from "../../lib/catalog.ts";

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
const info = on(sessionInfo);
const known = on(loggedIn);

/** A count that is 0 where nothing is found, and absent where no host knows its sessions. */
function orZero(count: string): string {
  return `${count} or 0 * sum(${known})`;
}

/** The ten largest numbers of sessions seen in the time range, begun in it or before. */
function mostActive(labels: string): string {
  return `topk(10, count by (${labels}) (last_over_time(${info}[$__range])))`;
}

/** Whether a source of each host could be read; a broken one that is passed over does not count. */
const readable = `max by (job, instance) (${on(LOOK_METRICS.sourceUp)})`;

/** Seconds since the login of each session; 0 where the clock of the host is ahead. */
const duration = `clamp_min(time() - ${on(SESSION_METRICS.loginTimestamp)}, 0)`;

/** The state of the sessions. */
export const SESSIONS = {
  total: `sum(${known})`,
  /** Names are distinct over all hosts; where they are dropped, what the largest host counts. */
  people: `count(count by (username) (${on(sessionCount, 'username!=""')})) or max(${on(users)})`,
  hostsInUse: orZero(`count(${known} > 0)`),
  remote: `sum(${on(sessions, 'remote="true"')})`,
  byKind: `sum by (kind, remote) (${on(sessions)}) > 0`,
  byHost: `sum by (instance) (${known})`,
  byUser: `sum by (username) (${on(sessionCount)})`,
  byAddress: `sum by (ip) (${on(sessionsByIp)})`,
  /** Milliseconds since the epoch, as Grafana wants times. */
  login: `${on(SESSION_METRICS.loginTimestamp)} * 1000`,
  lastLogin: `max(${on(SESSION_METRICS.loginTimestamp)}) * 1000`,
  duration,
  idle: on(LOOK_METRICS.idle),
  longest: `topk(10, ${duration})`,
  longestTime: `max(${duration})`,
} as const;

/**
 * What happened. A session is a series of the info metric, so that one which comes and goes between two
 * points still counts, and the clock of the host does not matter. A host that could not tell its sessions
 * at the other end of the interval does not count: nobody logs in or out when an exporter restarts.
 */
export const ACTIVITY = {
  logins: orZero(
    `count((last_over_time(${info}[$__interval]) unless ${info} offset $__interval) ` +
      `and on (job, instance) ${known} offset $__interval)`,
  ),
  logouts: orZero(
    `count(((last_over_time(${info}[$__interval]) or ${info} offset $__interval) unless ${info}) ` +
      `and on (job, instance) ${known} and on (job, instance) ${known} offset $__interval)`,
  ),
  users: mostActive("username"),
  addresses: mostActive("from"),
  terminals: mostActive("instance, tty"),
} as const;

/** The state of the hosts, their sources and exporters. */
export const EXPORTERS = {
  down: `sum(${on(PROMETHEUS_METRICS.up)} == bool 0)`,
  up: `min(${on(PROMETHEUS_METRICS.up)})`,
  unreadable: `sum(${readable} == bool 0)`,
  readable: `min(${readable})`,
  /** The source that is read, where there is one; one for each host. */
  sourceTaken: `min by (instance, source) ` +
    `(topk by (job, instance) (1, ${on(LOOK_METRICS.sourceUp)}))`,
  sourceUp: `min by (instance, source) (${on(LOOK_METRICS.sourceUp)})`,
  sessions: `sum by (job, instance) (${known})`,
  people: `sum by (job, instance) (${on(users)})`,
  boot: `max by (job, instance) (${on(SESSION_METRICS.bootTime)}) * 1000`,
  uptime: `time() - max(${on(SESSION_METRICS.bootTime)})`,
  version: `max by (job, instance, version) (${on(TELEMETRY_METRICS.buildInfo)})`,
  failures: `sum by (instance, source, reason) ` +
    `(rate(${on(TELEMETRY_METRICS.readFailures)}[$__rate_interval])) > 0`,
  stale: `sum(${on(SESSION_METRICS.stale)})`,
  faulty: `sum(${on(SESSION_METRICS.faultyRecords)})`,
  dropped: `sum(${on(SESSION_METRICS.seriesDropped)})`,
  records: `sum by (type) (${on(SESSION_METRICS.records)}) > 0`,
  sourceAge: `time() - max by (instance, source) (${on(LOOK_METRICS.sourceModified)})`,
  readDuration: `max by (instance) (${on(LOOK_METRICS.readDuration)})`,
  scrapeDuration: `max by (instance) (${on(PROMETHEUS_METRICS.scrapeDuration)})`,
  memory: `sum by (instance) (${on(PROCESS_METRICS.residentMemory)})`,
  cpu: `sum by (instance) (rate(${on(PROCESS_METRICS.cpu)}[$__rate_interval]))`,
  webConfig: `min by (instance) (${on(TELEMETRY_METRICS.webConfigUp)})`,
  running: `time() - max by (instance) (${on(PROCESS_METRICS.startTime)})`,
} as const;

/** The values that the variables can take. */
export const VARIABLES = {
  job: `label_values(${TELEMETRY_METRICS.buildInfo.name}, job)`,
  instance: `label_values(${TELEMETRY_METRICS.buildInfo.name}{job=~"$job"}, instance)`,
} as const;
