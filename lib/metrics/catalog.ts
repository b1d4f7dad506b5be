import { FAILURE_REASONS, SOURCE_NAMES } from "../sessions/snapshot.ts";

/** A metric without its samples. */
export interface Metric<Label extends string = string> {
  readonly name: string;
  readonly help: string;
  readonly type: "gauge" | "counter";
  readonly labels: readonly Label[];
  /** The number of its series, in words, for the documentation. */
  readonly series: string;
}

/** Metrics of sessions and records; absent while no source can be read. */
export const SESSION_METRICS = {
  loggedIn: {
    name: "unix_users_logged_in_total",
    help: "Number of login sessions, not of distinct users.",
    type: "gauge",
    labels: [],
    series: "1",
  },
  sessionInfo: {
    name: "unix_user_session_info",
    help: "Login session, always 1. login_time is in the time zone of the exporter.",
    type: "gauge",
    labels: ["username", "from", "tty", "login_time"],
    series: "one for each session",
  },
  sessionCount: {
    name: "unix_user_session_count",
    help: "Number of login sessions of a user.",
    type: "gauge",
    labels: ["username"],
    series: "one for each user with a session",
  },
  sessionsByIp: {
    name: "unix_user_session_by_ip",
    help: "Number of login sessions from a remote host or address.",
    type: "gauge",
    labels: ["ip"],
    series: "one for each remote origin with a session",
  },
  users: {
    name: "unix_logged_in_users",
    help: "Number of distinct user names with a login session.",
    type: "gauge",
    labels: [],
    series: "1",
  },
  sessions: {
    name: "unix_sessions",
    help: "Number of login sessions, by kind of terminal and by local or remote origin.",
    type: "gauge",
    labels: ["kind", "remote"],
    series: "8",
  },
  loginTimestamp: {
    name: "unix_session_login_timestamp_seconds",
    help: "Login time since the epoch; the latest one of sessions with identical labels.",
    type: "gauge",
    labels: ["username", "from", "tty"],
    series: "at most one for each session",
  },
  stale: {
    name: "unix_stale_sessions",
    help: "Number of sessions whose process is gone. No other metric counts them.",
    type: "gauge",
    labels: [],
    series: "with --path.procfs, 1",
  },
  closing: {
    name: "unix_closing_sessions",
    help: "Number of sessions that have ended and may still have running processes. " +
      "No other metric counts them.",
    type: "gauge",
    labels: [],
    series: "with logind, 1",
  },
  bootTime: {
    name: "unix_boot_time_seconds",
    help: "Boot time since the epoch, from the boot record or the kernel; absent if it is unknown.",
    type: "gauge",
    labels: [],
    series: "0 or 1",
  },
  seriesDropped: {
    name: "unix_user_exporter_series_dropped",
    help: "Number of sessions without their own series because of --sessions.max-series.",
    type: "gauge",
    labels: [],
    series: "1",
  },
  overLimit: {
    name: "unix_user_exporter_sessions_over_limit",
    help: "Number of sessions beyond the limit of what is read. No other metric counts them.",
    type: "gauge",
    labels: [],
    series: "1",
  },
  records: {
    name: "unix_user_exporter_records",
    help: "Number of records in the utmp file, by type.",
    type: "gauge",
    labels: ["type"],
    series: "with utmp, 10",
  },
  faultyRecords: {
    name: "unix_user_exporter_faulty_records",
    help:
      "Number of utmp records, incomplete records at the end and session files that could not be decoded.",
    type: "gauge",
    labels: [],
    series: "1",
  },
} as const satisfies Record<string, Metric>;

/** Metrics of past logins; those of a source are absent until it has been read, and if it cannot be read. */
export const HISTORY_METRICS = {
  logins: {
    name: "unix_logins_total",
    help:
      "Number of logins in the wtmp file or wtmpdb database. It falls when the file is rotated.",
    type: "counter",
    labels: ["kind", "remote"],
    series: "with --wtmp-path or --wtmpdb-path, 8",
  },
  failedLogins: {
    name: "unix_failed_logins_total",
    help: "Number of failed logins in the btmp file. It falls when the file is rotated.",
    type: "counter",
    labels: ["remote"],
    series: "with --btmp-path, 2",
  },
  failedLoginsByIp: {
    name: "unix_failed_logins_by_ip_total",
    help: "Number of failed logins from a remote address, of those with the most.",
    type: "counter",
    labels: ["ip"],
    series: "with --btmp-path, at most --failed-logins.max-series",
  },
  lastLogin: {
    name: "unix_user_last_login_timestamp_seconds",
    help: "Time of the latest known login of a user, since the epoch.",
    type: "gauge",
    labels: ["username"],
    series: "with --wtmp-path, --wtmpdb-path or --lastlog2-path, one for each user that ever " +
      "logged in, at most --sessions.max-series; none with --labels.drop=login_time",
  },
  lastLoginsDropped: {
    name: "unix_user_exporter_last_logins_dropped",
    help: "Number of users without a series of their last login because of --sessions.max-series.",
    type: "gauge",
    labels: [],
    series: "as for unix_user_last_login_timestamp_seconds, 1",
  },
  addressError: {
    name: "unix_user_exporter_failed_logins_by_ip_error",
    help: "Largest number by which a sample of unix_failed_logins_by_ip_total can be too low; " +
      "0 if all addresses are counted.",
    type: "gauge",
    labels: [],
    series: "with --btmp-path, 1",
  },
  historyFaults: {
    name: "unix_user_exporter_history_faulty_records",
    help: "Number of records of past logins that could not be decoded.",
    type: "gauge",
    labels: ["source"],
    series: "with --wtmp-path, --btmp-path or --wtmpdb-path, one for each",
  },
} as const satisfies Record<string, Metric>;

/** Metrics that can change with each scrape: the state of the sources, and idle times. */
export const SCRAPE_METRICS = {
  idle: {
    name: "unix_session_idle_seconds",
    help:
      "Time since the last input on the terminal; the shortest of sessions with identical labels.",
    type: "gauge",
    labels: ["username", "from", "tty"],
    series: "with --path.devfs, at most one for each session",
  },
  sourceUp: {
    name: "unix_user_exporter_source_up",
    help: "Whether the source could be read for this scrape (1) or not (0).",
    type: "gauge",
    labels: ["source"],
    series: "one for each source that is not missing beside another",
  },
  readDuration: {
    name: "unix_user_exporter_source_read_duration_seconds",
    help: "Duration of reading and decoding the source.",
    type: "gauge",
    labels: ["source"],
    series: "one for each source that was read",
  },
  sourceModified: {
    name: "unix_user_exporter_source_modified_timestamp_seconds",
    help: "Modification time of the source, since the epoch.",
    type: "gauge",
    labels: ["source"],
    series: "one for each source that was read; none with --labels.drop=login_time",
  },
} as const satisfies Record<string, Metric>;

/** Metrics of the exporter itself. */
export const EXPORTER_METRICS = {
  readFailures: {
    name: "unix_user_exporter_read_failures_total",
    help: "Number of failed reads of a source, by reason.",
    type: "counter",
    labels: ["source", "reason"],
    series: `${SOURCE_NAMES.length * FAILURE_REASONS.length}, and ${FAILURE_REASONS.length} more ` +
      "for each source of past logins that is configured",
  },
  lastReload: {
    name: "unix_user_exporter_web_config_last_reload_successful",
    help: "Whether the last reload of the web configuration succeeded (1) or not (0).",
    type: "gauge",
    labels: [],
    series: "with --web.config.file, 1",
  },
  buildInfo: {
    name: "unix_user_exporter_build_info",
    help: "Version, revision, runtime and platform of the exporter, always 1.",
    type: "gauge",
    labels: ["version", "revision", "branch", "denoversion", "os", "arch"],
    series: "1",
  },
} as const satisfies Record<string, Metric>;

/** Metrics of the process; `--web.disable-exporter-metrics` and `--once` omit them. */
export const PROCESS_METRICS = {
  cpu: {
    name: "process_cpu_seconds_total",
    help: "Total user and system CPU time spent in seconds.",
    type: "counter",
    labels: [],
    series: "1",
  },
  residentMemory: {
    name: "process_resident_memory_bytes",
    help: "Resident memory size in bytes.",
    type: "gauge",
    labels: [],
    series: "1",
  },
  startTime: {
    name: "process_start_time_seconds",
    help: "Start time of the process since the epoch in seconds.",
    type: "gauge",
    labels: [],
    series: "1",
  },
} as const satisfies Record<string, Metric>;

/** Every metric, in the order of the documentation. */
export const CATALOG: readonly Metric[] = [
  ...Object.values(SESSION_METRICS),
  ...Object.values(HISTORY_METRICS),
  ...Object.values(SCRAPE_METRICS),
  ...Object.values(EXPORTER_METRICS),
  ...Object.values(PROCESS_METRICS),
];
