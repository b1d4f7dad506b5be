import { dashboard } from "./dashboard.ts";
import { ACTIVITY, EXPORTERS, SESSIONS } from "./expressions.ts";
import { bars, lines, stat, states } from "./charts.ts";
import { zeroAndOne } from "./panel.ts";
import { HOST_COLUMN, SHARED } from "./shared_panels.ts";
import { table } from "./table.ts";

const hostsInUse = stat({
  title: "Hosts in use",
  description: "Hosts with at least one session.",
  unit: "none",
}, SESSIONS.hostsInUse);

const byHost = lines(
  {
    title: "Sessions by host",
    description: "Login sessions of each host. A gap is a time when nothing was known of it.",
    unit: "none",
  },
  { "{{instance}}": SESSIONS.byHost },
);

const longest = bars({
  title: "Longest sessions",
  description:
    "The ten sessions that began first, by their time since login. Sessions that share user, origin and terminal are one with the latest login.",
  unit: "dtdurations",
}, { "{{username}} on {{instance}} {{tty}}": SESSIONS.longest });

const users = bars({
  title: "Most active users",
  description: "Sessions seen in the time range, by user: those that began in it and those before.",
  unit: "none",
}, { "{{username}}": ACTIVITY.users });

const addresses = bars({
  title: "Most active addresses",
  description: "Sessions seen in the time range, by the address or host they came from.",
  unit: "none",
}, { "{{from}}": ACTIVITY.addresses });

const terminals = bars({
  title: "Most active terminals",
  description: "Sessions seen in the time range, by host and terminal.",
  unit: "none",
}, { "{{instance}} {{tty}}": ACTIVITY.terminals });

const hosts = table(
  {
    title: "Hosts",
    description: "The state of each host and of its exporter now.",
    unit: "none",
  },
  {
    sessions: EXPORTERS.sessions,
    people: EXPORTERS.people,
    boot: EXPORTERS.boot,
    state: EXPORTERS.state,
    version: EXPORTERS.version,
  },
  {
    columns: [
      HOST_COLUMN,
      { field: "A", heading: "Sessions", width: 90 },
      { field: "B", heading: "People", width: 90 },
      { field: "C", heading: "Boot", unit: "dateTimeAsIso" },
      {
        field: "D",
        heading: "State",
        mappings: zeroAndOne("unreadable", "readable"),
        width: 110,
      },
      { field: "version", heading: "Version", width: 90 },
    ],
    hidden: ["job", "Value #E"],
    sortBy: "Sessions",
  },
);

const source = states(
  {
    title: "Readable session records",
    description: "Whether the session records of each host could be read, by source.",
    unit: "none",
  },
  { "{{instance}} {{source}}": EXPORTERS.sourceUp },
  zeroAndOne("unreadable", "readable"),
);

/** Everything at a glance: who is on, from where, since when, how busy it was, whether all is seen. */
export const FLEET = dashboard(
  {
    uid: "unix-user-exporter-fleet",
    title: "Unix users: all hosts",
    description: "Who is logged in to which host, from where and since when.",
  },
  [
    {
      height: 4,
      panels: [
        SHARED.sessions,
        SHARED.people,
        hostsInUse,
        SHARED.remote,
        SHARED.unreadable,
        SHARED.down,
      ],
    },
    { height: 8, panels: [SHARED.overTime, SHARED.comings] },
    { height: 10, panels: [SHARED.table] },
    { height: 8, panels: [users, addresses, terminals, longest] },
    { height: 8, panels: [SHARED.byKind, byHost] },
    { heading: "Hosts and exporters", height: 8, panels: [hosts, source] },
    { height: 7, panels: [SHARED.failures, SHARED.leftOut, SHARED.scrapes, SHARED.memory] },
  ],
);
