import type { Session } from "../../lib/sessions/session.ts";
import type { CollectResult } from "../../lib/sessions/collect_result.ts";
import type {
  FailureReason,
  ReadResult,
  Snapshot,
  SourceName,
  VisibleSessions,
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
  values: Partial<Snapshot> = {},
): Snapshot {
  return { ...snapshotWith(), sessions, closing: [], displays: sessions.map(() => ""), ...values };
}

/** A look at a source that gave this. */
export function resultWith(
  snapshot: Snapshot,
  values: { readonly source?: SourceName; readonly path?: string } = {},
): Extract<ReadResult, { readonly ok: true }> {
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
export function failedResult(
  source: SourceName,
  reason: FailureReason = "denied",
): Extract<ReadResult, { readonly ok: false }> {
  const failure = { source, path: "/x", reason, error: "e", advice: "a" };
  return { ok: false, failure };
}

/** What is shown of a snapshot of which nothing is left out. */
export function visibleWith(
  snapshot: Snapshot,
  values: Partial<VisibleSessions> = {},
): VisibleSessions {
  const { sessions, bootTime } = snapshot;
  const closing = snapshot.closing?.length ?? null;
  return { snapshot, sessions, bootTime, stale: null, closing, ...values };
}

/** An collected of a source that was read, whose sessions are all shown. */
export function observationOf(
  result: Extract<ReadResult, { readonly ok: true }>,
  { idle = new Map(), ...visible }: Partial<VisibleSessions & Pick<CollectResult, "idle">> = {},
): CollectResult & { readonly visible: VisibleSessions } {
  return { results: [result], visible: visibleWith(result.snapshot, visible), idle, history: null };
}

/** An collected of sources of which none could be read. */
export function failedObservation(...results: readonly ReadResult[]): CollectResult {
  return { results, visible: null, idle: new Map(), history: null };
}

/** The users of the sessions that are shown, or the reasons why none are. */
export function usersOf({ results, visible }: CollectResult): readonly string[] | string {
  return visible?.sessions.map(({ username }) => username) ??
    results.map((result) => result.ok ? "ok" : result.failure.reason).join();
}
