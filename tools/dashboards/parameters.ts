/** What of the alerts is a matter of the place. Each number is in the expression of one alert. */
export interface Parameters {
  /** The URL of the runbook, so that alerts link to their sections; empty for no links. */
  readonly runbook: string;
  /** The working day, in hours of the time zone. */
  readonly dayBegins: number;
  readonly dayEnds: number;
  /** The time zone, in hours ahead of UTC; below 0 in America. */
  readonly utcOffset: number;
  /** Sessions of one user on one host. */
  readonly manySessions: number;
  /** A rise is one to this many times the most of the last week, ... */
  readonly riseFactor: number;
  /** ... and by this many sessions at least. */
  readonly riseSessions: number;
  readonly oldDays: number;
}

/** What to change for a place of one's own: dashboards/alerts.yaml is made with these. */
export const PARAMETERS: Parameters = {
  runbook: "",
  dayBegins: 7,
  dayEnds: 19,
  utcOffset: 0,
  manySessions: 20,
  riseFactor: 2,
  riseSessions: 10,
  oldDays: 7,
};
