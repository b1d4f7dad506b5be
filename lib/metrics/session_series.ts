import type { DroppedLabels } from "../sessions/dropped_labels.ts";
import { labelPair, type Samples } from "./metric_family.ts";
import { loginTimeText } from "../sessions/login_time.ts";
import { NONE, type Session } from "../sessions/session.ts";

type Merge = (a: number, b: number) => number;
type Texts = (session: Session) => string;
type Value = (session: Session) => number | null;

/** The value of a session's sample; null if it has no sample. */
interface SampleParts {
  readonly labels: Texts;
  readonly value: Value;
}

/** The dropped labels, and the maximum number of users or remote hosts with a series. */
interface CountShape {
  readonly dropped: DroppedLabels;
  readonly maxSeries: number;
}

/** The number of sessions of each user, for the first users. */
export function seriesByUser(
  sessions: readonly Session[],
  { dropped, maxSeries }: CountShape,
): Samples {
  const username: Texts = dropped.has("username") ? () => "" : ({ username }) => username;
  return counted(sessions.map(username), { label: "username", maxSeries });
}

/** The number of sessions from each remote host, for the first hosts. */
export function seriesByIp(
  sessions: readonly Session[],
  { dropped, maxSeries }: CountShape,
): Samples {
  const from: Texts = dropped.has("from") ? () => "" : ({ from }) => from;
  return counted(sessions.map(from), { label: "ip", maxSeries });
}

/** The number of occurrences of each text, for the first texts. Only these are formatted as labels. */
function* counted(
  texts: readonly string[],
  { label, maxSeries }: { readonly label: string; readonly maxSeries: number },
): Generator<readonly [string, number]> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    const count = counts.get(text);
    if (count !== undefined || counts.size < maxSeries) counts.set(text, (count ?? 0) + 1);
  }
  for (const [text, count] of counts) yield [labelPair(label, text), count];
}

/**
 * The series of each session, without the dropped labels. Labels are created again for each metric while it
 * is rendered: keeping them would cost more garbage collection.
 */
export class SessionSeries {
  readonly #sessions: readonly Session[];
  readonly #dropped: DroppedLabels;
  #distinct: boolean | null = null;

  constructor(sessions: readonly Session[], dropped: DroppedLabels) {
    this.#sessions = sessions;
    this.#dropped = dropped;
  }

  /**
   * The latest login of each series. None if login times are dropped, because the value would reveal them.
   */
  loginTimes(): Samples {
    if (this.#dropped.has("login_time")) return [];
    const value: Value = ({ loginTime }) => loginTime;
    return this.#samples({ labels: this.#labels(), value }, Math.max);
  }

  /** 1 for each set of labels. */
  infos(): Samples {
    const labels = this.#labels();
    const minute: Texts = this.#dropped.has("login_time") ? () => "" : minuteOf;
    const all: Texts = (session) =>
      `${labels(session)},${labelPair("login_time", minute(session))}`;
    return this.#samples({ labels: all, value: () => 1 }, Math.max);
  }

  /** The shortest of these idle times. */
  idleTimes(idle: ReadonlyMap<Session, number>): Samples {
    const value: Value = (session) => idle.get(session) ?? null;
    return this.#samples({ labels: this.#labels(), value }, Math.min);
  }

  /** The labels `username`, `from` and `tty` of a session. */
  #labels(): Texts {
    const dropped = this.#dropped;
    const username: Texts = dropped.has("username") ? () => "" : ({ username }) => username;
    const from: Texts = dropped.has("from") ? () => "" : ({ from }) => from;
    const tty: Texts = dropped.has("tty") ? () => "" : ({ tty }) => tty;
    return (session) => {
      const user = labelPair("username", username(session));
      return `${user},${labelPair("from", from(session))},${labelPair("tty", tty(session))}`;
    };
  }

  #samples(parts: SampleParts, merge: Merge): Samples {
    const all = samplesOf(this.#sessions, parts);
    this.#distinct ??= this.#areDistinct();
    return this.#distinct ? all : merged(all, merge);
  }

  /** Whether every session has a different terminal, so that no two have the same labels. */
  #areDistinct(): boolean {
    if (this.#dropped.has("tty")) return false;
    return new Set(this.#sessions.map(({ tty }) => tty)).size === this.#sessions.length;
  }
}

function minuteOf({ loginTime }: Session): string {
  return loginTime === null ? NONE : loginTimeText(loginTime);
}

/** A sample for each session that has one. */
function* samplesOf(
  sessions: readonly Session[],
  { labels, value }: SampleParts,
): Generator<readonly [string, number]> {
  for (const session of sessions) {
    const known = value(session);
    if (known !== null) yield [labels(session), known];
  }
}

/** One sample for each set of labels, in the order of first appearance. */
function merged(samples: Samples, merge: Merge): Samples {
  const series = new Map<string, number>();
  for (const [labels, value] of samples) {
    const other = series.get(labels);
    series.set(labels, other === undefined ? value : merge(other, value));
  }
  return series;
}
