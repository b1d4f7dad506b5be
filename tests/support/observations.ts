import type { Session } from "../../lib/sessions/session.ts";
import type {
  FailureReason,
  LogindSnapshot,
  Look,
  Observation,
  Shown,
  Snapshot,
  SourceName,
} from "../../lib/sessions/snapshot.ts";

/** A snapshot without sessions, where a test says nothing else. */
export function snapshotWith(values: Partial<Snapshot> = {}): Snapshot {
  return {
    sessions: [],
    closing: null,
    bootTime: null,
    records: null,
    faults: 0,
    overLimit: 0,
    ...values,
  };
}

/** A snapshot of logind with these sessions, without displays. */
export function logindSnapshotWith(
  sessions: readonly Session[],
  values: Partial<LogindSnapshot> = {},
): LogindSnapshot {
  return { ...snapshotWith(), sessions, closing: [], displays: sessions.map(() => ""), ...values };
}

/** A look at a source that gave this. */
export function lookWith<Held extends Snapshot>(
  snapshot: Held,
  values: { readonly source?: SourceName; readonly path?: string } = {},
): Extract<Look<Held>, { readonly ok: true }> {
  const times = { modified: 0, readDuration: 0 };
  return {
    ok: true,
    source: "logind",
    snapshot,
    path: "/run/systemd/sessions",
    ...times,
    ...values,
  };
}

/** A look at a source that failed. */
export function failedLook(
  source: SourceName,
  reason: FailureReason = "denied",
): Extract<Look, { readonly ok: false }> {
  const failure = { source, path: "/x", reason, error: "e", advice: "a" };
  return { ok: false, failure };
}

/** What is shown of a snapshot of which nothing is left out. */
export function shownWith(snapshot: Snapshot, values: Partial<Shown> = {}): Shown {
  const { sessions, bootTime } = snapshot;
  const closing = snapshot.closing?.length ?? null;
  return { snapshot, sessions, bootTime, stale: null, closing, ...values };
}

/** An observation of a source that was read, whose sessions are all shown. */
export function observationOf(
  look: Extract<Look, { readonly ok: true }>,
  { idle = new Map(), ...shown }: Partial<Shown & Pick<Observation, "idle">> = {},
): Observation & { readonly shown: Shown } {
  return { looks: [look], shown: shownWith(look.snapshot, shown), idle };
}

/** An observation of sources of which none could be read. */
export function failedObservation(...looks: readonly Look[]): Observation {
  return { looks, shown: null, idle: new Map() };
}

/** The users of the sessions that are shown, or the reasons why none are. */
export function usersOf({ looks, shown }: Observation): readonly string[] | string {
  return shown?.sessions.map(({ username }) => username) ??
    looks.map((look) => look.ok ? "ok" : look.failure.reason).join();
}
