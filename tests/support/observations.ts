import type { Session } from "../../lib/sessions/session.ts";
import type { CollectResult } from "../../lib/sessions/collect_result.ts";
import type {
  FailureReason,
  ReadResult,
  Snapshot,
  SourceName,
  VisibleSessions,
} from "../../lib/sessions/snapshot.ts";

/** A snapshot with these values, otherwise without sessions. */
export function snapshotWith(values: Partial<Snapshot> = {}): Snapshot {
  const counts = { faults: 0, overLimit: 0 };
  return { sessions: [], closing: null, bootTime: null, records: null, ...counts, ...values };
}

/** A snapshot of logind with these sessions, without displays. */
export function logindSnapshotWith(
  sessions: readonly Session[],
  values: Partial<Snapshot> = {},
): Snapshot {
  return { ...snapshotWith(), sessions, closing: [], displays: sessions.map(() => ""), ...values };
}

type Read = Extract<ReadResult, { readonly ok: true }>;

/** A successful read of a source. */
export function resultWith(
  snapshot: Snapshot,
  values: { readonly source?: SourceName; readonly path?: string } = {},
): Read {
  const read = { ok: true, source: "logind", path: "/run/systemd/sessions" } as const;
  return { ...read, snapshot, modified: 0, readDuration: 0, ...values };
}

/** A failed read of a source. */
export function failedResult(
  source: SourceName,
  reason: FailureReason = "denied",
): Extract<ReadResult, { readonly ok: false }> {
  return { ok: false, failure: { source, path: "/x", reason, error: "e", advice: "a" } };
}

/** The visible part of a snapshot: all of it. */
export function visibleWith(
  snapshot: Snapshot,
  values: Partial<VisibleSessions> = {},
): VisibleSessions {
  const { sessions, bootTime } = snapshot;
  const closing = snapshot.closing?.length ?? null;
  return { snapshot, sessions, bootTime, stale: null, closing, ...values };
}

/** The collected sessions of a successful read. */
export function observationOf(
  result: Read,
  { idle = new Map(), ...visible }: Partial<VisibleSessions & Pick<CollectResult, "idle">> = {},
): CollectResult & { readonly visible: VisibleSessions } {
  return { results: [result], visible: visibleWith(result.snapshot, visible), idle, history: null };
}

/** The result of a collection without a successful read. */
export function failedObservation(...results: readonly ReadResult[]): CollectResult {
  return { results, visible: null, idle: new Map(), history: null };
}

/** The users of the visible sessions, or the reasons of the failures. */
export function usersOf({ results, visible }: CollectResult): readonly string[] | string {
  return visible?.sessions.map(({ username }) => username) ??
    results.map((result) => result.ok ? "ok" : result.failure.reason).join();
}
