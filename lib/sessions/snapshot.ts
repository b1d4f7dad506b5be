import type { Session } from "./session.ts";
import type { LogindOutcome } from "./from_logind.ts";
import { sessionOfRecord, timeOfRecord } from "./from_utmp.ts";
import { EVERYBODY, type UserFilter } from "./user_filter.ts";
import { RECORD_TYPES, type RecordType, type UtmpEntry } from "../utmp/mod.ts";

/**
 * How much is read from a utmp file, so that memory and time are bounded: sessions, and characters of their
 * user, origin and terminal. Usual sessions have about 30 characters, hostile ones up to 1,280.
 */
export const UTMP_LIMITS = { sessions: 100_000, characters: 24 * 2 ** 20 } as const;

/** Other work can run after this number of records. */
const RECORDS_PER_STEP = 64;

/** The sources of sessions. */
export const SOURCE_NAMES = ["utmp", "logind"] as const;

/** One of {@link SOURCE_NAMES}. */
export type SourceName = (typeof SOURCE_NAMES)[number];

/** The sources of past logins. */
export const HISTORY_SOURCE_NAMES = ["wtmp", "btmp", "wtmpdb", "lastlog2"] as const;

/** One of {@link HISTORY_SOURCE_NAMES}. */
export type HistorySourceName = (typeof HISTORY_SOURCE_NAMES)[number];

/** Why a source could not be read. `malformed` means that it was read, but has no record. */
export const FAILURE_REASONS = [
  "missing",
  "denied",
  "not_regular",
  "too_large",
  "io",
  "malformed",
] as const;

/** One of {@link FAILURE_REASONS}. */
export type FailureReason = (typeof FAILURE_REASONS)[number];

/** Number of records of each type. */
export type RecordCounts = Readonly<Record<RecordType, number>>;

/** The content of one source, or of several merged, at one moment. Unchanged content gives the same object. */
export interface Snapshot {
  readonly sessions: readonly Session[];
  /** Sessions whose user has logged out but whose processes may still run; null if only utmp was read. */
  readonly closing: readonly Session[] | null;
  /**
   * The time in the boot record, in seconds since the epoch with microseconds as fraction; 0 if the record has no
   * time; null if there is no boot record.
   */
  readonly bootTime: number | null;
  /** Number of utmp records of each type; null for other sources. */
  readonly records: RecordCounts | null;
  /** Number of records, tails and session files that could not be decoded. */
  readonly faults: number;
  /** Number of sessions above the limit of the source. They are in no other count. */
  readonly overLimit: number;
  /** The X display of each session, in the order of `sessions`; empty if it has none. Only logind knows it. */
  readonly displays?: readonly string[];
}

/** A failed read of a source: what was read, what happened, and what a user can do. */
export interface ReadFailure {
  readonly source: SourceName | HistorySourceName;
  readonly path: string;
  readonly reason: FailureReason;
  readonly error: string;
  readonly advice: string;
}

/** The result of a read of a source: a snapshot, or a failure. */
export type ReadResult =
  | {
    readonly ok: true;
    readonly source: SourceName;
    readonly snapshot: Snapshot;
    /** The file or directory that was read. */
    readonly path: string;
    /** Modification time of the file or directory, in seconds since the epoch; null if it has none. */
    readonly modified: number | null;
    /** Duration of the last read and decode, in seconds. */
    readonly readDuration: number;
  }
  | { readonly ok: false; readonly failure: ReadFailure };

/** The results of all sources at one moment. */
export interface SourcesResult {
  /** One result for each selected source that is not in {@link missing}. */
  readonly results: readonly ReadResult[];
  /** Sources that are missing while another could be read, which is not a failure. */
  readonly missing: readonly ReadFailure[];
  /** The sessions of all sources, each once; null if no source could be read. */
  readonly snapshot: Snapshot | null;
}

/** The sessions of a snapshot after filters and checks. Unchanged sessions give the same object. */
export interface VisibleSessions {
  readonly snapshot: Snapshot;
  /** The sessions that are counted. */
  readonly sessions: readonly Session[];
  /** Time of boot from the records or the kernel, in seconds since the epoch; null if not known. */
  readonly bootTime: number | null;
  /** Number of sessions omitted because their process has ended; null if that was not checked. */
  readonly stale: number | null;
  /** Number of sessions omitted because the user has logged out; null if only utmp was read. */
  readonly closing: number | null;
}

/**
 * The snapshot of the entries of a utmp file, in steps, so that the caller can let other work run in between.
 * Sessions of excluded users are in no count. Only sessions that are kept are decoded as text.
 */
export function* utmpSnapshot(
  entries: Iterable<UtmpEntry>,
  { filter, limits = UTMP_LIMITS }: {
    readonly filter: UserFilter;
    readonly limits?: Readonly<Record<keyof typeof UTMP_LIMITS, number>>;
  },
): Generator<undefined, Snapshot & { readonly records: RecordCounts }> {
  const records = Object.fromEntries(RECORD_TYPES.map((type) => [type, 0])) as Record<
    RecordType,
    number
  >;
  const sessions: Session[] = [];
  let bootTime: number | null = null;
  let [faults, overLimit, seen, characters] = [0, 0, 0, 0];
  for (const entry of entries) {
    if (++seen % RECORDS_PER_STEP === 0) yield;
    if ("why" in entry) {
      faults++;
      continue;
    }
    if (entry.type === "user_process" && filter !== EVERYBODY && !filter(entry.user)) continue;
    records[entry.type]++;
    if (entry.type === "boot_time") bootTime = timeOfRecord(entry.decoded()) ?? bootTime ?? 0;
    if (entry.type !== "user_process") continue;
    if (sessions.length >= limits.sessions || characters >= limits.characters) {
      if (entry.hasUser) overLimit++;
      continue;
    }
    const outcome = sessionOfRecord(entry.decoded());
    if (!outcome.counts) continue;
    const { session } = outcome;
    characters += session.username.length + session.from.length + session.tty.length;
    sessions.push(session);
  }
  return { sessions, closing: null, bootTime, records, faults, overLimit };
}

/** The snapshot of the session files of logind, in their order. */
export function snapshotOfLogind(
  files: readonly LogindOutcome[],
  faults: number,
): Snapshot {
  const counted = files.filter((file) => file.counts);
  return {
    sessions: counted.map(({ session }) => session),
    displays: counted.map(({ display }) => display),
    closing: files.flatMap((file) => file.counts || file.closing === null ? [] : [file.closing]),
    bootTime: null,
    records: null,
    faults,
    overLimit: 0,
  };
}
