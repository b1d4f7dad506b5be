import type { HistorySourceName, ReadFailure } from "./snapshot.ts";
import type { SessionKind } from "./session.ts";

/** The number of logins with one kind of terminal and one kind of origin. */
export interface LoginCount {
  readonly kind: SessionKind;
  readonly remote: boolean;
  readonly logins: number;
}

/** The latest login of users. */
export interface LastLogins {
  /** Seconds since the epoch, with microseconds as fraction, by user name as visible text. */
  readonly times: ReadonlyMap<string, number>;
  /** Number of users that were left out because the source has more users than its limit. */
  readonly omitted: number;
}

/** The logins of a wtmp file or wtmpdb database. Sessions of excluded users are not counted. */
export interface Logins {
  /** One entry for each combination of kind and origin, 0 included. */
  readonly counts: readonly LoginCount[];
  readonly lastLogins: LastLogins;
  /** Number of records that could not be decoded. */
  readonly faults: number;
}

/** The failed logins from one remote address or host. */
export interface AddressFailures {
  /** As in the label `ip` of `unix_user_session_by_ip`: visible text, never empty. */
  readonly address: string;
  /** At least 1. Never more than the real number; less by at most {@link FailedLogins.addressError}. */
  readonly failures: number;
}

/** The failed logins of a btmp file. It has no user names: people type passwords in their place. */
export interface FailedLogins {
  readonly remote: number;
  readonly local: number;
  /** The addresses with the most failures, most first; equal ones by address. */
  readonly byAddress: readonly AddressFailures[];
  /** The largest possible error in {@link byAddress}; 0 as long as each address is counted. */
  readonly addressError: number;
  /** Number of records that could not be decoded. */
  readonly faults: number;
}

/** The result of a read of a source of the history. The same object until something changes. */
export type HistoryRead<Data> =
  | {
    readonly ok: true;
    readonly source: HistorySourceName;
    readonly path: string;
    /** Null until the first pass over the file has ended. */
    readonly data: Data | null;
    /** Modification time of the file, in seconds since the epoch; null if it has none. */
    readonly modified: number | null;
    /** Duration of the last read and decode, in seconds. */
    readonly readDuration: number;
  }
  | { readonly ok: false; readonly failure: ReadFailure };

/** The results of all configured sources of the history; null for one that is not configured. */
export interface HistoryResult {
  readonly wtmp: HistoryRead<Logins> | null;
  readonly btmp: HistoryRead<FailedLogins> | null;
  readonly wtmpdb: HistoryRead<Logins> | null;
  readonly lastlog2: HistoryRead<LastLogins> | null;
}
