import { HISTORY_METRICS } from "../metrics/catalog.ts";
import type { ExpositionOptions } from "../metrics/exposition.ts";
import {
  familyOf,
  familyOfOne,
  familyWith,
  labelPair,
  type MetricFamily,
} from "../metrics/metric_family.ts";
import type { FailedLogins, HistoryResult, Logins } from "../sessions/history.ts";
import { dataOf, latestUsersOf, loginsOf } from "../sessions/past_logins.ts";
import type { Session } from "../sessions/session.ts";

/** What the families need besides the past logins. */
interface HistoryFamiliesOptions {
  /** The sessions now, each of which is a login of its user. */
  readonly sessions: readonly Session[];
  readonly exposition: ExpositionOptions;
}

/**
 * The past logins as families. A source that cannot be read, or that has not been read to its end yet, has none: a
 * part of its numbers would look like a burst of logins when the rest follows.
 */
export function historyFamilies(
  history: HistoryResult,
  { sessions, exposition }: HistoryFamiliesOptions,
): readonly MetricFamily[] {
  const faults = (["wtmp", "btmp", "wtmpdb"] as const).flatMap((source) => {
    const data = dataOf<Logins | FailedLogins>(history[source]);
    return data === null ? [] : [[{ source }, data.faults] as const];
  });
  return [
    loginsFamily(loginsOf(history)),
    ...failedLoginFamilies(dataOf(history.btmp), exposition),
    ...lastLoginFamilies(history, { sessions, exposition }),
    familyOf(HISTORY_METRICS.historyFaults, faults),
  ];
}

function loginsFamily(logins: Logins | null): MetricFamily {
  const counts = logins?.counts ?? [];
  const samples = counts.map(({ kind, remote, logins }) =>
    [{ kind, remote: String(remote) }, logins] as const
  );
  return familyOf(HISTORY_METRICS.logins, samples);
}

function failedLoginFamilies(
  failed: FailedLogins | null,
  { dropped }: ExpositionOptions,
): readonly MetricFamily[] {
  if (failed === null) return [];
  const { remote, local, byAddress, addressError } = failed;
  // Merged, the addresses are all remote ones, also those without a series of their own.
  const addresses = dropped.has("from") && remote > 0
    ? [{ address: "", failures: remote }]
    : byAddress;
  return [
    familyOf(HISTORY_METRICS.failedLogins, [
      [{ remote: "true" }, remote],
      [{ remote: "false" }, local],
    ]),
    familyOf(
      HISTORY_METRICS.failedLoginsByIp,
      addresses.map(({ address: ip, failures }) => [{ ip }, failures]),
    ),
    familyOfOne(HISTORY_METRICS.addressError, addressError),
  ];
}

/** The latest logins have series. None with `login_time` dropped, because the value is what the label would be. */
function lastLoginFamilies(
  history: HistoryResult,
  { sessions, exposition: { dropped, maxSeries } }: HistoryFamiliesOptions,
): readonly MetricFamily[] {
  if (dropped.has("login_time")) return [];
  // Without names, the first one stands for all users.
  const hasNames = !dropped.has("username");
  const latest = latestUsersOf(history, { sessions, limit: hasNames ? maxSeries : 1 });
  if (latest === null) return [];
  const { times, users, omitted } = latest;
  const samples = times.map(([username, time]) =>
    [labelPair("username", hasNames ? username : ""), time] as const
  );
  return [
    familyWith(HISTORY_METRICS.lastLogin, () => samples),
    familyOfOne(HISTORY_METRICS.lastLoginsDropped, hasNames ? users - times.length + omitted : 0),
  ];
}
