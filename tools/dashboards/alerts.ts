import {
  type AlertExpressions,
  alertExpressions,
  ANSWERED,
  MOST,
  ORIGINS,
  RECORDED,
} from "./alert_expressions.ts";
import type { Parameters } from "./parameters.ts";
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
    /** Not where the place has no runbook. */
    readonly runbook_url?: string;
  };
}

/** What an alert says, and when. */
interface AlertWords {
  readonly expr: string;
  /** Longer than a reboot where one could look like trouble; none where every case counts. */
  readonly for?: string;
  readonly severity: Alert["labels"]["severity"];
  readonly summary: string;
  readonly description: string;
}

/** Alerts by name. */
type Alerts = Readonly<Record<string, AlertWords>>;

/**
 * The value of a label in the words of an alert. Users and hosts are named from outside, and what mails,
 * chats and pagers do with a text is their own matter: letters, digits, blanks and a few marks stay. An @
 * stays within a word, as in alice@example.org, but not at its beginning, where chats notify people.
 */
function named(label: string): string {
  const marks = "{{ $labels." + label + " | reReplaceAll `[^\\pL\\pM\\pN_.:%/+@$' \\\\-]` `?`";
  return marks + " | reReplaceAll `(^|[^\\pL\\pM\\pN_.+-])@+` `$1?` }}";
}

const HOST = "{{ $labels.instance }}";
const USER = named("username");
const ORIGIN = named("from");
const TERMINAL = named("tty");

/** What is not seen. */
function exporterAlerts({ down, unreadable, dropped, stale }: AlertExpressions): Alerts {
  return {
    UnixUserExporterDown: {
      expr: down,
      for: "15m",
      severity: "warning",
      summary: `The exporter of ${HOST} does not answer`,
      description: `Prometheus cannot scrape ${HOST}. Who is logged in there is not known.`,
    },
    UnixUserExporterSourceUnreadable: {
      expr: unreadable,
      for: "10m",
      severity: "warning",
      summary: `The session records of ${HOST} cannot be read`,
      description:
        `The exporter of ${HOST} runs but cannot read {{ $labels.source }}. Who is logged in there is not known.`,
    },
    UnixUserExporterSeriesDropped: {
      expr: dropped,
      for: "15m",
      severity: "warning",
      summary: `Not every session of ${HOST} has series of its own`,
      description:
        `{{ $value }} sessions of ${HOST} are above --sessions.max-series. They are counted but not named.`,
    },
    UnixStaleSessions: {
      expr: stale,
      for: "1h",
      severity: "info",
      summary: `Records of sessions that are gone are left on ${HOST}`,
      description: `{{ $value }} session records of ${HOST} belong to processes that have ended.`,
    },
  };
}

/** The time zone in words. */
function zoneOf({ utcOffset }: Parameters): string {
  if (utcOffset === 0) return "UTC";
  return utcOffset > 0 ? `UTC+${utcOffset}` : `UTC${utcOffset}`;
}

/** What is odd about sessions. */
function sessionAlerts(
  { root, outsideHours, manySessions, old }: AlertExpressions,
  parameters: Parameters,
): Alerts {
  const { dayBegins, dayEnds, oldDays } = parameters;
  const hours = `${dayBegins}:00 and ${dayEnds}:00 ${zoneOf(parameters)}`;
  return {
    UnixRootRemoteLogin: {
      expr: root,
      severity: "critical",
      summary: `root logged in to ${HOST} over the network`,
      description: `root is on ${HOST} from ${ORIGIN}, terminal ${TERMINAL}, since ${
        named("login_time")
      }.`,
    },
    UnixLoginOutsideWorkingHours: {
      expr: outsideHours,
      severity: "info",
      summary: `${USER} logged in to ${HOST} outside working hours`,
      description:
        `${USER} logged in to ${HOST} from ${ORIGIN} on a weekend or not between ${hours}.`,
    },
    UnixManySessionsOfUser: {
      expr: manySessions,
      for: "10m",
      severity: "warning",
      summary: `${USER} has many sessions on ${HOST}`,
      description: `${USER} has {{ $value }} sessions on ${HOST}.`,
    },
    UnixSessionTooOld: {
      expr: old,
      for: "1h",
      severity: "info",
      summary: `${USER} has been on ${HOST} for more than ${oldDays} days`,
      description:
        `A session of ${USER} on ${HOST}, from ${ORIGIN}, terminal ${TERMINAL}, has lasted at least {{ $value | humanizeDuration }}.`,
    },
  };
}

/** What is not as it was. */
function historyAlerts(
  { rise, newAddress }: AlertExpressions,
  { riseFactor }: Parameters,
): Alerts {
  return {
    UnixSessionsRise: {
      expr: rise,
      for: "5m",
      severity: "warning",
      summary: `Many more sessions than usual on ${HOST}`,
      description:
        `${HOST} has {{ $value }} sessions, more than ${riseFactor} times the most of the last week.`,
    },
    UnixNewAddressOfUser: {
      expr: newAddress,
      severity: "info",
      summary: `${USER} came from a new address`,
      description:
        `${USER} is logged in to a host of job {{ $labels.job }} from ${ORIGIN} and was not seen from there in the last 14 days.`,
    },
  };
}

/** What alerts look back on: a record is small enough for weeks. */
const RECORDS: readonly RecordingRule[] = [
  { record: ANSWERED, expr: RECORDED.answered.trim() },
  { record: MOST, expr: RECORDED.most },
  { record: ORIGINS, expr: RECORDED.origins.trim() },
];

/** A group of rules that are evaluated one after the other. */
export interface AlertGroup {
  readonly name: string;
  readonly interval?: string;
  readonly rules: readonly (RecordingRule | Alert)[];
}

/** The groups of dashboards/alerts.yaml for a place. */
export function alertGroups(parameters: Parameters): readonly AlertGroup[] {
  const expressions = alertExpressions(parameters);
  const rules = (alerts: Alerts): readonly Alert[] =>
    Object.entries(alerts).map(([name, { expr, severity, summary, description, ...rest }]) => {
      const runbook_url = `${parameters.runbook}#${name.toLowerCase()}`;
      const link = parameters.runbook === "" ? {} : { runbook_url };
      return {
        alert: name,
        expr: expr.trim(),
        ...rest,
        labels: { severity },
        annotations: { summary, description, ...link },
      };
    });
  return [
    { name: "unix-user-exporter", rules: rules(exporterAlerts(expressions)) },
    { name: "unix-user-sessions", rules: rules(sessionAlerts(expressions, parameters)) },
    {
      name: "unix-user-history",
      interval: "5m",
      rules: [...RECORDS, ...rules(historyAlerts(expressions, parameters))],
    },
  ];
}

/** The alerts among the rules of groups. */
export function alertsOf(groups: readonly AlertGroup[]): readonly Alert[] {
  return groups.flatMap(({ rules }) => rules.flatMap((rule) => "alert" in rule ? [rule] : []));
}
