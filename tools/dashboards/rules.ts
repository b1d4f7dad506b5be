import { SCRAPE_METRICS, SESSION_METRICS } from "../../lib/metrics/catalog.ts";

/** A rule of Prometheus that stores the result of an expression as a series. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

const names = SESSION_METRICS;

/** Sums over the hosts of a job, for fleets whose dashboards and graphs should not add up each time. */
const RECORDING_RULES: readonly RecordingRule[] = [
  {
    record: "job:unix_users_logged_in:sum",
    expr: `sum by (job) (${names.loggedIn.name})`,
  },
  {
    record: "job:unix_logged_in_users:count",
    // Where nobody is on, and where names are dropped or above the cap, what the largest host counts.
    expr: `count by (job) (count by (job, username) (${names.sessionCount.name}{username!=""})) ` +
      `> max by (job) (${names.users.name}) or max by (job) (${names.users.name})`,
  },
  {
    record: "job_kind_remote:unix_sessions:sum",
    expr: `sum by (job, kind, remote) (${names.sessions.name})`,
  },
  {
    record: "job_username:unix_user_session_count:sum",
    expr: `sum by (job, username) (${names.sessionCount.name})`,
  },
  {
    record: "job_ip:unix_user_session_by_ip:sum",
    expr: `sum by (job, ip) (${names.sessionsByIp.name})`,
  },
  {
    record: "job_instance:unix_session_duration_seconds:max",
    expr: `max by (job, instance) (clamp_min(time() - ${names.loginTimestamp.name}, 0))`,
  },
  {
    record: "job:unix_user_exporter_source_up:avg",
    expr: `avg by (job) (max by (job, instance) (${SCRAPE_METRICS.sourceUp.name}))`,
  },
];

/** dashboards/rules.yaml. */
export const RULES = { groups: [{ name: "unix-users", rules: RECORDING_RULES }] };
