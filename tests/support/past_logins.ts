import type {
  FailedLogins,
  HistoryRead,
  HistoryResult,
  LastLogins,
  Logins,
} from "../../lib/sessions/history.ts";
import { SESSION_KINDS } from "../../lib/sessions/session.ts";
import type { FailureReason, HistorySourceName } from "../../lib/sessions/snapshot.ts";

/** The last logins of these users, in seconds since the epoch. */
export function lastLoginsWith(
  times: Readonly<Record<string, number>>,
  omitted = 0,
): LastLogins {
  return { times: new Map(Object.entries(times)), omitted };
}

/** Logins on remote pseudo terminals only, and the last ones of these users. */
export function loginsWith(logins: number, times: Readonly<Record<string, number>> = {}): Logins {
  const counts = SESSION_KINDS.flatMap((kind) =>
    [true, false].map((remote) => ({ kind, remote, logins: kind === "pty" && remote ? logins : 0 }))
  );
  return { counts, lastLogins: lastLoginsWith(times), faults: 0 };
}

/** Failed logins from remote addresses, the most first. */
export function failedLoginsWith(failures: Readonly<Record<string, number>>): FailedLogins {
  const byAddress = Object.entries(failures).map(([address, failures]) => ({ address, failures }));
  const remote = byAddress.reduce((sum, { failures }) => sum + failures, 0);
  return { remote, local: 2, byAddress, addressError: 0, faults: 0 };
}

/** A read that succeeded; without data, one whose first pass has not ended. */
export function pastRead<Data>(
  source: HistorySourceName,
  data: Data | null,
): HistoryRead<Data> {
  return { ok: true, source, path: `/var/log/${source}`, data, modified: 5, readDuration: 0.5 };
}

/** A read that failed. */
export function failedPastRead(
  source: HistorySourceName,
  reason: FailureReason = "denied",
): HistoryRead<never> {
  const failure = { source, path: `/var/log/${source}`, reason, error: "e", advice: "a" };
  return { ok: false, failure };
}

/** A result of these reads; the other sources are not configured. */
export function historyWith(reads: Partial<HistoryResult>): HistoryResult {
  return { wtmp: null, btmp: null, wtmpdb: null, lastlog2: null, ...reads };
}
