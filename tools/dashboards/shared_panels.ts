import { ACTIVITY, EXPORTERS, SESSIONS } from "./expressions.ts";
import { events, lines, stat } from "./charts.ts";
import { type Panel, thresholds } from "./panel.ts";
import { type Column, table } from "./table.ts";

/** The uid of the dashboard of one host. */
export const HOST_UID = "unix-user-exporter-host";

/** Red from one on. */
const ALARMING = { thresholds: thresholds([1, "red"]) };

/** The column of the host, which leads to its dashboard. */
export const HOST_COLUMN: Column = {
  field: "instance",
  heading: "Host",
  link: {
    title: "One host",
    url: `/d/${HOST_UID}?\${datasource:queryparam}&\${job:queryparam}` +
      "&var-instance=${__value.raw:percentencode}&${__url_time_range}",
  },
};

/** Panels that both dashboards have. */
export const SHARED = {
  sessions: stat({
    title: "Sessions",
    description: "Login sessions now. One person can have several.",
    unit: "none",
  }, SESSIONS.total),
  people: stat({
    title: "People",
    description:
      "Distinct user names with a session now, over all hosts. Where user names are dropped or above the cap, those of the host that has most.",
    unit: "none",
  }, SESSIONS.people),
  remote: stat({
    title: "Remote sessions",
    description: "Sessions that came over the network.",
    unit: "none",
  }, SESSIONS.remote),
  down: stat(
    {
      title: "Exporters down",
      description:
        "Exporters that Prometheus cannot scrape and that answered within the time range. Nothing is known of their hosts.",
      unit: "none",
    },
    EXPORTERS.down,
    ALARMING,
  ),
  unreadable: stat(
    {
      title: "Sources unreadable",
      description: "Exporters that answer but could not read the session records of their host.",
      unit: "none",
    },
    EXPORTERS.unreadable,
    ALARMING,
  ),
  overTime: lines({
    title: "Sessions and people",
    description: "Login sessions and distinct user names. A gap is a time when nothing was known.",
    unit: "none",
  }, { sessions: SESSIONS.total, people: SESSIONS.people }),
  comings: events({
    title: "Logins and logouts",
    description:
      "Sessions that began, and below the line those that ended, in each interval. A session that comes and goes between two scrapes is not seen; the scrape interval may be a minute at most. Sessions that share user, origin, terminal and minute count as one; where labels are dropped, only how the number of sessions of a host changed is known.",
    unit: "none",
  }, { logins: ACTIVITY.logins, logouts: ACTIVITY.logouts }),
  byKind: lines(
    {
      title: "Sessions by kind",
      description:
        "By kind of terminal, and by whether they came over the network. Kinds without a session are left out.",
      unit: "none",
    },
    { "{{kind}}, remote {{remote}}": SESSIONS.byKind },
    { isStacked: true },
  ),
  leftOut: lines({
    title: "Left out",
    description:
      "What the numbers above do not have: sessions whose process is gone, records that could not be decoded, sessions without series of their own, sessions whose login has ended while processes of theirs live on, sessions of a source that holds more than are taken in.",
    unit: "none",
  }, {
    "stale sessions": EXPORTERS.stale,
    "faulty records": EXPORTERS.faulty,
    "dropped series": EXPORTERS.dropped,
    "closing sessions": EXPORTERS.closing,
    "sessions over the limit": EXPORTERS.overLimit,
  }),
  failures: lines({
    title: "Failed looks",
    description: "Looks at the session records that failed, by reason. None is the rule.",
    unit: "cps",
  }, { "{{instance}} {{source}} {{reason}}": EXPORTERS.failures }),
  scrapes: lines({
    title: "Duration of scrapes",
    description: "How long the slowest scrape of each exporter took, as Prometheus saw it.",
    unit: "s",
  }, { "{{instance}}": EXPORTERS.scrapeDuration }),
  memory: lines({
    title: "Memory",
    description: "Resident memory of the exporter.",
    unit: "bytes",
  }, { "{{instance}}": EXPORTERS.memory }),
  table: table(
    {
      title: "Who is on",
      description:
        "A row for each user, origin and terminal; sessions that share all three are one row with the latest login. Idle is known with --path.devfs only.",
      unit: "none",
    },
    { login: SESSIONS.login, duration: SESSIONS.duration, idle: SESSIONS.idle },
    {
      columns: [
        { field: "username", heading: "User" },
        { field: "from", heading: "From" },
        HOST_COLUMN,
        { field: "tty", heading: "Terminal", width: 120 },
        { field: "A", heading: "Login", unit: "dateTimeAsIso" },
        { field: "B", heading: "Duration", unit: "dtdurations" },
        { field: "C", heading: "Idle", unit: "dtdurations" },
      ],
      hidden: ["job"],
      sortBy: "Login",
    },
  ),
} as const satisfies Record<string, Panel>;
