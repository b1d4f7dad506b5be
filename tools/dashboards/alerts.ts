import { ALERT_EXPRESSIONS, ANSWERED, MOST, ORIGINS, PARAMETERS } from "./alert_expressions.ts";
import type { RecordingRule } from "./rules.ts";

/** A rule of Prometheus that tells when an expression has a result. */
export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: "critical" | "warning" | "info" };
  readonly annotations: {
    readonly summary: string;
    readonly description: string;
    readonly runbook_url: string;
  };
}

/** Everything of an alert but what follows from its name. */
interface AlertWords {
  readonly expr: string;
  /** Longer than a reboot where one could look like trouble; none where every case counts. */
  readonly for?: string;
  readonly severity: Alert["labels"]["severity"];
  readonly summary: string;
  readonly description: string;
}

function alert(name: string, { expr, severity, summary, description, ...rest }: AlertWords): Alert {
  return {
    alert: name,
    expr: expr.trim(),
    ...rest,
    labels: { severity },
    annotations: {
      summary,
      description,
      runbook_url: `${PARAMETERS.runbook}#${name.toLowerCase()}`,
    },
  };
}

/**
 * The value of a label in the words of an alert. Users and hosts are named from outside, and what mails,
 * chats and pagers do with a text is their own matter: letters, digits and a few marks stay.
 */
function named(label: string): string {
  return `{{ reReplaceAll "[^\\\\pL\\\\pN_.:%/+-]" "?" $labels.${label} }}`;
}

const HOST = "{{ $labels.instance }}";
const { utcOffset } = PARAMETERS;
const ZONE = utcOffset === 0 ? "UTC" : `UTC${utcOffset < 0 ? "" : "+"}${utcOffset}`;
const DURATION = "{{ $value | humanizeDuration }}";

/** The alerts about the exporter: what is not seen. */
const EXPORTER_ALERTS: readonly Alert[] = [
  alert("UnixUserExporterDown", {
    expr: ALERT_EXPRESSIONS.down,
    for: "15m",
    severity: "warning",
    summary: `The exporter of ${HOST} does not answer`,
    description: `Prometheus cannot scrape ${HOST}. Who is logged in there is not known.`,
  }),
  alert("UnixUserExporterSourceUnreadable", {
    expr: ALERT_EXPRESSIONS.unreadable,
    for: "10m",
    severity: "warning",
    summary: `The session records of ${HOST} cannot be read`,
    description:
      `The exporter of ${HOST} runs but cannot read {{ $labels.source }}. Who is logged in there is not known.`,
  }),
  alert("UnixUserExporterSeriesDropped", {
    expr: ALERT_EXPRESSIONS.dropped,
    for: "15m",
    severity: "warning",
    summary: `Not every session of ${HOST} has series of its own`,
    description:
      `{{ $value }} sessions of ${HOST} are above --sessions.max-series. They are counted but not named.`,
  }),
  alert("UnixStaleSessions", {
    expr: ALERT_EXPRESSIONS.stale,
    for: "1h",
    severity: "info",
    summary: `Records of sessions that are gone are left on ${HOST}`,
    description: `{{ $value }} session records of ${HOST} belong to processes that have ended.`,
  }),
];

/** The alerts about sessions: what is odd. */
const SESSION_ALERTS: readonly Alert[] = [
  alert("UnixRootRemoteLogin", {
    expr: ALERT_EXPRESSIONS.root,
    severity: "critical",
    summary: `root logged in to ${HOST} over the network`,
    description: `root is on ${HOST} from ${named("from")}, terminal ${named("tty")}, since ${
      named("login_time")
    }.`,
  }),
  alert("UnixLoginOutsideWorkingHours", {
    expr: ALERT_EXPRESSIONS.outsideHours,
    severity: "info",
    summary: `${named("username")} logged in to ${HOST} outside working hours`,
    description: `${named("username")} logged in to ${HOST} from ${
      named("from")
    } on a weekend or not between ${PARAMETERS.dayBegins}:00 and ${PARAMETERS.dayEnds}:00 ${ZONE}.`,
  }),
  alert("UnixManySessionsOfUser", {
    expr: ALERT_EXPRESSIONS.manySessions,
    for: "10m",
    severity: "warning",
    summary: `${named("username")} has many sessions on ${HOST}`,
    description: `${named("username")} has {{ $value }} sessions on ${HOST}.`,
  }),
  alert("UnixSessionTooOld", {
    expr: ALERT_EXPRESSIONS.old,
    for: "1h",
    severity: "info",
    summary: `${named("username")} has been on ${HOST} for more than ${PARAMETERS.oldDays} days`,
    description: `The session of ${named("username")} on ${HOST}, from ${named("from")}, terminal ${
      named("tty")
    }, has lasted ${DURATION}.`,
  }),
];

/** What alerts look back on: a record is small enough for weeks. */
const RECORDS: readonly RecordingRule[] = [
  { record: ANSWERED, expr: ALERT_EXPRESSIONS.answered.trim() },
  { record: MOST, expr: ALERT_EXPRESSIONS.most },
  { record: ORIGINS, expr: ALERT_EXPRESSIONS.origins.trim() },
];

/** The alerts about what is not as it was. They are silent for the first seven days. */
const HISTORY_ALERTS: readonly Alert[] = [
  alert("UnixSessionsRise", {
    expr: ALERT_EXPRESSIONS.rise,
    for: "5m",
    severity: "warning",
    summary: `Many more sessions than usual on ${HOST}`,
    description:
      `${HOST} has {{ $value }} sessions, more than ${PARAMETERS.riseFactor} times the most of the last week.`,
  }),
  alert("UnixNewAddressOfUser", {
    expr: ALERT_EXPRESSIONS.newAddress,
    severity: "info",
    summary: `${named("username")} came from a new address`,
    description: `${named("username")} is logged in to a host of job {{ $labels.job }} from ${
      named("from")
    } and was not seen from there in the last 14 days.`,
  }),
];

/** Every alert. */
export const ALL_ALERTS: readonly Alert[] = [
  ...EXPORTER_ALERTS,
  ...SESSION_ALERTS,
  ...HISTORY_ALERTS,
];

/** dashboards/alerts.yaml. */
export const ALERTS = {
  groups: [
    { name: "unix-user-exporter", rules: EXPORTER_ALERTS },
    { name: "unix-user-sessions", rules: SESSION_ALERTS },
    { name: "unix-user-history", interval: "5m", rules: [...RECORDS, ...HISTORY_ALERTS] },
  ],
};
