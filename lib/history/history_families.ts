import { HISTORY_METRICS } from "../metrics/catalog.ts";
import type { ExpositionOptions } from "../metrics/exposition.ts";
import {
  familyOf,
  familyOfOne,
  familyWith,
  labelPair,
  type MetricFamily,
  type Samples,
} from "../metrics/metric_family.ts";
import type { FailedLogins, HistoryResult, LastLogins, Logins } from "../sessions/history.ts";
import { dataOf, lastLoginsOf, loginsOf } from "../sessions/past_logins.ts";
import type { Session } from "../sessions/session.ts";

/**
 * The past logins as families. A source that cannot be read, or that has not been read to its end yet, has none: a
 * part of its numbers would look like a burst of logins when the rest follows.
 *
 * @param sessions The sessions now, each of which is a login of its user.
 */
export function historyFamilies(
  history: HistoryResult,
  { sessions, exposition }: {
    readonly sessions: readonly Session[];
    readonly exposition: ExpositionOptions;
  },
): readonly MetricFamily[] {
  const faults = (["wtmp", "btmp", "wtmpdb"] as const).flatMap((source) => {
    const data = dataOf<Logins | FailedLogins>(history[source]);
    return data === null ? [] : [[{ source }, data.faults] as const];
  });
  return [
    loginsFamily(loginsOf(history)),
    ...failedLoginFamilies(dataOf(history.btmp), exposition),
    ...lastLoginFamilies(lastLoginsOf(history, sessions), exposition),
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
  lastLogins: LastLogins | null,
  { dropped, maxSeries }: ExpositionOptions,
): readonly MetricFamily[] {
  if (lastLogins === null || dropped.has("login_time")) return [];
  const { times, omitted } = lastLogins;
  const series = dropped.has("username") ? 1 : maxSeries;
  const withoutSeries = dropped.has("username") ? 0 : Math.max(times.size - series, 0) + omitted;
  return [
    familyWith(
      HISTORY_METRICS.lastLogin,
      () => lastLoginSamples(times, { series, hasNames: !dropped.has("username") }),
    ),
    familyOfOne(HISTORY_METRICS.lastLoginsDropped, withoutSeries),
  ];
}

/** The first `series` samples. Without names, the first one stands for all users. */
function* lastLoginSamples(
  times: LastLogins["times"],
  { series, hasNames }: { readonly series: number; readonly hasNames: boolean },
): Generator<Samples extends Iterable<infer Sample> ? Sample : never> {
  let count = 0;
  for (const [username, time] of times) {
    if (count++ >= series) return;
    yield [labelPair("username", hasNames ? username : ""), time];
  }
}
