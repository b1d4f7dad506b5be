/** A metric as data: everything about it except its samples. */
export interface Metric<Label extends string = string> {
  readonly name: string;
  readonly help: string;
  readonly type: "gauge" | "counter";
  readonly labels: readonly Label[];
  /** How many series it can have, in words. */
  readonly series: string;
}

/** The sessions of a machine and the records they come from; absent while no source can be read. */
export const SESSION_METRICS = {
  loggedIn: {
    name: "unix_users_logged_in_total",
    help: "Number of login sessions (not of people).",
    type: "gauge",
    labels: [],
    series: "1",
  },
  sessionInfo: {
    name: "unix_user_session_info",
    help: "A login session: always 1. login_time is in the time zone of the exporter.",
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
    help:
      "Number of login sessions by kind of terminal, and by whether they came over the network.",
    type: "gauge",
    labels: ["kind", "remote"],
    series: "8",
  },
  loginTimestamp: {
    name: "unix_session_login_timestamp_seconds",
    help: "Time of login since the epoch; the latest where sessions share all labels.",
    type: "gauge",
    labels: ["username", "from", "tty"],
    series: "at most one for each session",
  },
  stale: {
    name: "unix_stale_sessions",
    help: "Number of sessions that are counted nowhere else because their process is gone.",
    type: "gauge",
    labels: [],
    series: "with --path.procfs, 1",
  },
  closing: {
    name: "unix_closing_sessions",
    help: "Number of sessions that are counted nowhere else because their login has ended; " +
      "processes of theirs may live on.",
    type: "gauge",
    labels: [],
    series: "with logind, 1",
  },
  bootTime: {
    name: "unix_boot_time_seconds",
    help:
      "Time of boot since the epoch, from the boot record or the kernel; absent when not known.",
    type: "gauge",
    labels: [],
    series: "0 or 1",
  },
  seriesDropped: {
    name: "unix_user_exporter_series_dropped",
    help: "Number of sessions without series of their own because of --sessions.max-series.",
    type: "gauge",
    labels: [],
    series: "1",
  },
  overLimit: {
    name: "unix_user_exporter_sessions_over_limit",
    help:
      "Number of sessions that are in no other count because the source holds more than are taken in.",
    type: "gauge",
    labels: [],
    series: "1",
  },
  records: {
    name: "unix_user_exporter_records",
    help: "Number of records in the utmp file by type.",
    type: "gauge",
    labels: ["type"],
    series: "with utmp, 10",
  },
  faultyRecords: {
    name: "unix_user_exporter_faulty_records",
    help: "Number of utmp records, trailing bytes and session files that could not be decoded.",
    type: "gauge",
    labels: [],
    series: "1",
  },
} as const satisfies Record<string, Metric>;

/** What may be another with each look: how it went, and how long nobody typed. */
export const SCRAPE_METRICS = {
  idle: {
    name: "unix_session_idle_seconds",
    help:
      "Time since the last input on the terminal; the shortest where sessions share all labels.",
    type: "gauge",
    labels: ["username", "from", "tty"],
    series: "with --path.devfs, at most one for each session",
  },
  sourceUp: {
    name: "unix_user_exporter_source_up",
    help: "Whether a source of sessions could be read at this scrape.",
    type: "gauge",
    labels: ["source"],
    series: "one for each source that is not missing beside another",
  },
  readDuration: {
    name: "unix_user_exporter_source_read_duration_seconds",
    help: "Duration of the last read and decode of the source.",
    type: "gauge",
    labels: ["source"],
    series: "one for each source that was read",
  },
  sourceModified: {
    name: "unix_user_exporter_source_modified_timestamp_seconds",
    help: "Modification time, since the epoch, of what was read.",
    type: "gauge",
    labels: ["source"],
    series: "one for each source that was read; none with --labels.drop=login_time",
  },
} as const satisfies Record<string, Metric>;

/** The exporter's own numbers. */
export const EXPORTER_METRICS = {
  readFailures: {
    name: "unix_user_exporter_read_failures_total",
    help: "Number of reads of a source that failed, by reason.",
    type: "counter",
    labels: ["source", "reason"],
    series: "12",
  },
  lastReload: {
    name: "unix_user_exporter_web_config_last_reload_successful",
    help: "Whether the web configuration in force is the one in the file.",
    type: "gauge",
    labels: [],
    series: "with --web.config.file, 1",
  },
  buildInfo: {
    name: "unix_user_exporter_build_info",
    help: "What this exporter was built from and for: always 1.",
    type: "gauge",
    labels: ["version", "revision", "branch", "denoversion", "os", "arch"],
    series: "1",
  },
} as const satisfies Record<string, Metric>;

/** Numbers of the process; `--web.disable-exporter-metrics` and `--once` leave them out. */
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
  ...Object.values(SCRAPE_METRICS),
  ...Object.values(EXPORTER_METRICS),
  ...Object.values(PROCESS_METRICS),
];
