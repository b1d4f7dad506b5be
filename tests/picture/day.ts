/** A session of the simulated day: times in minutes since its first midnight, which may be before it. */
export interface DaySession {
  readonly host: string;
  readonly user: string;
  /** The host or address; empty for a local one. */
  readonly from: string;
  readonly line: string;
  readonly begin: number;
  readonly end: number;
}

/** A time span in minutes in which something was not as usual. */
export interface Trouble {
  readonly host: string;
  readonly kind: "exporter down" | "source missing" | "reboot";
  readonly begin: number;
  readonly end: number;
}

/** The hosts, all made up, as are the users; the addresses are those of documentation (RFC 5737, 3849). */
export const DAY_HOSTS: readonly string[] = ["build-1", "db-1", "dev-1", "web-1"];

/** What goes wrong. */
export const TROUBLES: readonly Trouble[] = [
  { host: "build-1", kind: "reboot", begin: 182, end: 186 },
  { host: "web-1", kind: "source missing", begin: 310, end: 335 },
  { host: "dev-1", kind: "exporter down", begin: 760, end: 785 },
];

const PEOPLE: Readonly<Record<string, string>> = {
  alice: "192.0.2.17",
  bob: "192.0.2.23",
  carol: "198.51.100.4",
  dave: "gw.example.org",
  erin: "2001:db8::5",
  frank: "192.0.2.88",
  grace: "203.0.113.40",
  heidi: "gw.example.org",
};

/** Numbers from 0 to 1 that are the same with every run (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6D2B79F5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The sessions of two days, of which the last 24 hours are shown. */
export function sessionsOfTheDay(): readonly DaySession[] {
  const next = numbers(1974);
  const wanted: Omit<DaySession, "line">[] = [
    { host: "dev-1", user: "frank", from: "192.0.2.88", begin: -3_100, end: 9_999 },
    { host: "dev-1", user: "erin", from: "2001:db8::5", begin: -1_500, end: 9_999 },
    { host: "db-1", user: "carol", from: "198.51.100.4", begin: 1_045, end: 9_999 },
    { host: "db-1", user: "root", from: "", begin: 236, end: 251 },
    { host: "build-1", user: "grace", from: "", begin: 640, end: 700 },
    { host: "dev-1", user: "heidi", from: ":0", begin: 492, end: 1_180 },
    { host: "dev-1", user: "ivan", from: ":0", begin: -880, end: -310 },
    { host: "dev-1", user: "frank", from: "tmux(2140).%0", begin: 545, end: 9_999 },
    { host: "dev-1", user: "frank", from: "tmux(2140).%3", begin: 600, end: 1_020 },
  ];
  for (let minute = -600; minute < 1_440; minute += 60) {
    wanted.push({
      host: "build-1",
      user: "deploy",
      from: "192.0.2.200",
      begin: minute + 5,
      end: minute + 5 + 4 + next() * 20,
    });
  }
  for (const [user, from] of Object.entries(PEOPLE)) {
    for (const day of [-1_440, 0]) {
      let minute = day + 440 + next() * 110;
      while (minute < day + 1_000 + next() * 120) {
        const host = DAY_HOSTS[Math.floor(next() * 4)];
        const end = minute + 12 + next() * next() * 260;
        if (host !== undefined) wanted.push({ host, user, from, begin: minute, end });
        minute += 8 + next() * 75;
      }
    }
  }
  return withTerminals(wanted.sort((a, b) => a.begin - b.begin));
}

/** Gives each session the first terminal that is free, and ends those of a host that is rebooted. */
function withTerminals(wanted: readonly Omit<DaySession, "line">[]): readonly DaySession[] {
  const placed: DaySession[] = [];
  for (const { begin, end, ...session } of wanted) {
    const reboot = TROUBLES.find(({ kind, host }) => kind === "reboot" && host === session.host);
    const isCut = reboot !== undefined && begin < reboot.begin && end > reboot.begin;
    const taken = placed.filter((other) => other.host === session.host && other.end > begin)
      .map(({ line }) => line);
    const kind = ["", ":0"].includes(session.from) ? "tty" : "pts/";
    let n = kind === "tty" ? 1 : 0;
    while (taken.includes(`${kind}${n}`)) n++;
    const line = `${kind}${n}`;
    placed.push({ ...session, line, begin, end: isCut ? reboot.begin : end });
  }
  return placed;
}
