import { type DroppedLabels, shownSession } from "./dropped_labels.ts";
import { localMinute } from "./local_minute.ts";
import type { Sample } from "./metric_object.ts";
import { NONE, type Session } from "./session.ts";

type Place = "username" | "from" | "tty";

/** How sessions become samples, and samples with the same labels one. */
interface Merging<Label extends string> {
  /** The same text for the same labels only. Visible text has no NUL, so NUL may separate its parts. */
  readonly key: (session: Session) => string;
  readonly labels: (session: Session) => Record<Label, string>;
  /** The value that a session gives; null for none. */
  readonly value: (session: Session) => number | null;
  readonly merge: (a: number, b: number) => number;
}

type Maker<Label extends string> = (sessions: readonly Session[]) => readonly Sample<Label>[];

/** Makers of the samples of each metric that has session labels. */
export interface SampleMakers {
  readonly info: Maker<Place | "login_time">;
  readonly byUser: Maker<"username">;
  readonly byIp: Maker<"ip">;
  readonly loginTime: Maker<Place>;
  readonly idle: Maker<Place>;
}

/**
 * The makers for these dropped labels. Where login times are dropped, there are no samples of them, since
 * their value says what the label must not.
 */
export function sampleMakers(
  dropped: DroppedLabels,
  idle: ReadonlyMap<Session, number>,
): SampleMakers {
  const shown = (session: Session): Record<Place, string> =>
    dropped.size === 0
      ? { username: session.username, from: session.from, tty: session.tty }
      : { ...shownSession(session, dropped) };
  const minute = ({ loginTime }: Session): string => {
    if (dropped.has("login_time")) return "";
    return loginTime === null ? NONE : localMinute(loginTime);
  };
  const placeKey = (session: Session): string => {
    const { username, from, tty } = dropped.size === 0 ? session : shownSession(session, dropped);
    return `${username}\0${from}\0${tty}`;
  };
  const place = { key: placeKey, labels: shown } as const;
  const counted = { value: () => 1, merge: (a: number, b: number) => a + b } as const;
  const user = dropped.has("username") ? () => "" : ({ username }: Session) => username;
  const ip = dropped.has("from") ? () => "" : ({ from }: Session) => from;
  return {
    info: makerOf({
      key: (session) => `${placeKey(session)}\0${minute(session)}`,
      labels: (session) => ({ ...shown(session), login_time: minute(session) }),
      value: () => 1,
      merge: Math.max,
    }),
    byUser: makerOf({ key: user, labels: (session) => ({ username: user(session) }), ...counted }),
    byIp: makerOf({ key: ip, labels: (session) => ({ ip: ip(session) }), ...counted }),
    loginTime: makerOf({
      ...place,
      value: ({ loginTime }) => dropped.has("login_time") ? null : loginTime,
      merge: Math.max,
    }),
    idle: makerOf({ ...place, value: (session) => idle.get(session) ?? null, merge: Math.min }),
  };
}

/** One sample for each set of labels, in the order of first appearance. */
function makerOf<Label extends string>(
  { key, labels, value, merge }: Merging<Label>,
): Maker<Label> {
  return (sessions) => {
    const samples = new Map<string, { readonly labels: Record<Label, string>; value: number }>();
    for (const session of sessions) {
      const next = value(session);
      if (next === null) continue;
      const name = key(session);
      const sample = samples.get(name);
      if (sample === undefined) samples.set(name, { labels: labels(session), value: next });
      else sample.value = merge(sample.value, next);
    }
    return [...samples.values()];
  };
}
