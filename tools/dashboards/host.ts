import { dashboard } from "./dashboard.ts";
import { EXPORTERS, SESSIONS } from "./expressions.ts";
import { lines, stat, states } from "./charts.ts";
import { zeroAndOne } from "./panel.ts";
import { HOST_UID, SHARED } from "./shared_panels.ts";

const readable = stat(
  {
    title: "Session records",
    description: "Whether the session records of every chosen host could be read.",
    unit: "none",
  },
  EXPORTERS.readable,
  { mappings: zeroAndOne("unreadable", "readable") },
);

const up = stat(
  {
    title: "Exporter",
    description:
      "Whether Prometheus can scrape the exporter of every chosen host. Known of those that answered within the time range.",
    unit: "none",
  },
  EXPORTERS.up,
  { mappings: zeroAndOne("down", "up") },
);

const lastLogin = stat({
  title: "Last login",
  description: "The latest login of a session that is still there.",
  unit: "dateTimeFromNow",
}, SESSIONS.lastLogin);

const longest = stat({
  title: "Longest session",
  description:
    "Time since the first login of a session that is still there. Sessions that share user, origin and terminal are one with the latest login.",
  unit: "dtdurations",
}, SESSIONS.longestTime);

const uptime = stat({
  title: "Uptime",
  description: "Time since the latest boot.",
  unit: "dtdurations",
}, EXPORTERS.uptime);

const byUser = lines(
  {
    title: "Sessions by user",
    description: "Login sessions of each user.",
    unit: "none",
  },
  { "{{username}}": SESSIONS.byUser },
  { isStacked: true },
);

const byAddress = lines(
  {
    title: "Sessions by address",
    description: "Login sessions from each remote address or host.",
    unit: "none",
  },
  { "{{ip}}": SESSIONS.byAddress },
  { isStacked: true },
);

const records = lines({
  title: "Records by type",
  description: "Records in the utmp file. There are none from logind.",
  unit: "none",
}, { "{{type}}": EXPORTERS.records });

const age = lines({
  title: "Age of the source",
  description: "Time since the session records were last written: since the last login or logout.",
  unit: "s",
}, { "{{instance}} {{source}}": EXPORTERS.sourceAge });

const reads = lines({
  title: "Duration of reads",
  description: "How long it took to read and decode the session records.",
  unit: "s",
}, { "{{instance}}": EXPORTERS.readDuration });

const webConfig = states(
  {
    title: "Web configuration",
    description:
      "Whether the web configuration in force is the one in the file. There is none without --web.config.file.",
    unit: "none",
  },
  { "{{instance}}": EXPORTERS.webConfig },
  zeroAndOne("refused", "in force"),
);

const cpu = lines({
  title: "CPU",
  description: "Processor time of the exporter for each second.",
  unit: "percentunit",
}, { "{{instance}}": EXPORTERS.cpu });

const running = lines({
  title: "Runtime of the exporter",
  description: "Time since the exporter was started.",
  unit: "s",
}, { "{{instance}}": EXPORTERS.running });

/** One host, or a few, in detail. */
export const HOST = dashboard(
  {
    uid: HOST_UID,
    title: "Unix users: one host",
    description: "The sessions of one host over time, and how its exporter does.",
  },
  [
    {
      height: 4,
      panels: [
        SHARED.sessions,
        SHARED.people,
        SHARED.remote,
        longest,
        lastLogin,
        uptime,
        readable,
        up,
      ],
    },
    { height: 9, panels: [SHARED.table] },
    { height: 8, panels: [SHARED.overTime, SHARED.comings] },
    { height: 8, panels: [byUser, byAddress, SHARED.byKind] },
    {
      heading: "What the numbers come from",
      height: 7,
      panels: [SHARED.failures, SHARED.leftOut, records, age],
    },
    { heading: "The exporter itself", height: 7, panels: [reads, SHARED.scrapes, webConfig] },
    { height: 7, panels: [SHARED.memory, cpu, running] },
  ],
);
