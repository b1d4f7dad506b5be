import type { DroppedLabels } from "../sessions/dropped_labels.ts";
import { labelPair, type Samples } from "./metric_family.ts";
import { loginTimeText } from "../sessions/login_time.ts";
import { NONE, type Session } from "../sessions/session.ts";

type Merge = (a: number, b: number) => number;
type Texts = (session: Session) => string;

/** Which labels are dropped, and how many users or remote hosts have a series. */
interface CountShape {
  readonly dropped: DroppedLabels;
  readonly maxSeries: number;
}

/** Number of sessions of each of the first users. */
export function seriesByUser(
  sessions: readonly Session[],
  { dropped, maxSeries }: CountShape,
): Samples {
  const username: Texts = dropped.has("username") ? () => "" : ({ username }) => username;
  return counted(sessions.map(username), { label: "username", maxSeries });
}

/** Number of sessions from each of the first remote hosts. */
export function seriesByIp(
  sessions: readonly Session[],
  { dropped, maxSeries }: CountShape,
): Samples {
  const from: Texts = dropped.has("from") ? () => "" : ({ from }) => from;
  return counted(sessions.map(from), { label: "ip", maxSeries });
}

/** How often each of the first texts stands there. Only those that are shown are made labels. */
function counted(
  texts: readonly string[],
  { label, maxSeries }: { readonly label: string; readonly maxSeries: number },
): Samples {
  const counts = new Map<string, number>();
  for (const text of texts) {
    const count = counts.get(text);
    if (count !== undefined || counts.size < maxSeries) counts.set(text, (count ?? 0) + 1);
  }
  return new Map([...counts].map(([text, count]) => [labelPair(label, text), count]));
}

/** The series that sessions have of their own, without the labels that are dropped. */
export class SessionSeries {
  readonly #sessions: readonly Session[];
  readonly #dropped: DroppedLabels;
  #kept: readonly string[] | null = null;

  constructor(sessions: readonly Session[], dropped: DroppedLabels) {
    this.#sessions = sessions;
    this.#dropped = dropped;
  }

  /** The labels `username`, `from` and `tty` of each session, which all of its series share. */
  get #labelSets(): readonly string[] {
    this.#kept ??= this.#placesOf(this.#sessions);
    return this.#kept;
  }

  #placesOf(sessions: readonly Session[]): readonly string[] {
    const dropped = this.#dropped;
    const username: Texts = dropped.has("username") ? () => "" : ({ username }) => username;
    const from: Texts = dropped.has("from") ? () => "" : ({ from }) => from;
    const tty: Texts = dropped.has("tty") ? () => "" : ({ tty }) => tty;
    return sessions.map((session) => {
      const user = labelPair("username", username(session));
      return `${user},${labelPair("from", from(session))},${labelPair("tty", tty(session))}`;
    });
  }

  /** The latest login. None where login times are dropped, since the value says what the label must not. */
  loginTimes(): Samples {
    if (this.#dropped.has("login_time")) return new Map();
    return merged(this.#labelSets, this.#sessions.map(({ loginTime }) => loginTime), Math.max);
  }

  /** 1 for each set of labels. */
  infos(): Samples {
    const minute: Texts = this.#dropped.has("login_time") ? () => "" : minuteOf;
    const places = this.#labelSets;
    const names = this.#sessions.map((session, i) =>
      `${places[i]},${labelPair("login_time", minute(session))}`
    );
    return merged(names, this.#sessions.map(() => 1), Math.max);
  }

  /** The shortest of these idle times. */
  idleTimes(idle: ReadonlyMap<Session, number>): Samples {
    const values = this.#sessions.map((session) => idle.get(session) ?? null);
    return merged(this.#labelSets, values, Math.min);
  }
}

function minuteOf({ loginTime }: Session): string {
  return loginTime === null ? NONE : loginTimeText(loginTime);
}

/** One series for each name, in the order of first appearance. A value of null gives none. */
function merged(
  names: readonly string[],
  values: readonly (number | null)[],
  merge: Merge,
): Samples {
  const series = new Map<string, number>();
  names.forEach((name, i) => {
    const value = values[i] ?? null;
    if (value === null) return;
    const other = series.get(name);
    series.set(name, other === undefined ? value : merge(other, value));
  });
  return series;
}
