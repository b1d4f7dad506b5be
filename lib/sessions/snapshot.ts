import type { Session } from "./session.ts";
import type { LogindOutcome } from "./from_logind.ts";
import { sessionOfRecord, timeOfRecord } from "./from_utmp.ts";
import { EVERYBODY, type UserFilter } from "./user_filter.ts";
import type { UtmpEntry } from "../utmp/decode.ts";
import { RECORD_TYPES, type RecordType } from "../utmp/record.ts";

/**
 * How much is taken in from a utmp file, so that memory and time are bounded whatever it holds: sessions, and
 * characters of their user, origin and terminal. Usual sessions have about 30, hostile ones up to 1,280.
 */
export const UTMP_LIMITS = { sessions: 100_000, characters: 24 * 2 ** 20 } as const;

/** After so many records other work may have its turn. */
const RECORDS_PER_STEP = 64;

/** Where sessions are read from. */
export const SOURCE_NAMES = ["utmp", "logind"] as const;

/** One of {@link SOURCE_NAMES}. */
export type SourceName = (typeof SOURCE_NAMES)[number];

/** Why a source could not be read. `malformed`: it was read, and nothing in it is a record. */
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

/**
 * What a source held at one moment, or several sources together. It is never changed: unchanged content
 * gives the same object.
 */
export interface Snapshot {
  readonly sessions: readonly Session[];
  /** Sessions whose login has ended and whose processes may live on; null where only utmp was read. */
  readonly closing: readonly Session[] | null;
  /**
   * The time in the boot record as it was written, in seconds since the epoch with microseconds as fraction; 0
   * where it has none; null when there is no boot record.
   */
  readonly bootTime: number | null;
  /** Number of utmp records of each type; null where the source is not utmp. */
  readonly records: RecordCounts | null;
  /** Number of records, tails and session files that could not be decoded. */
  readonly faults: number;
  /** Number of sessions beyond the limit of the source, which are counted nowhere else. */
  readonly overLimit: number;
}

/** What logind's session files held at one moment. */
export interface LogindSnapshot extends Snapshot {
  readonly closing: readonly Session[];
  /** The X display of each session, in the order of `sessions`; empty where it has none. */
  readonly displays: readonly string[];
}

/** A failed look: what was tried, what happened and what to do about it. */
export interface ReadFailure {
  readonly source: SourceName;
  readonly path: string;
  readonly reason: FailureReason;
  readonly error: string;
  readonly advice: string;
}

/** What one look at a source gave: a snapshot, or the reason why there is none. */
export type ReadResult<Held extends Snapshot = Snapshot> =
  | {
    readonly ok: true;
    readonly source: SourceName;
    readonly snapshot: Held;
    /** The file or folder that was read. */
    readonly path: string;
    /** Modification time of what was read, in seconds since the epoch; null where it has none. */
    readonly modified: number | null;
    /** Duration of the last read and decode, in seconds. */
    readonly readDuration: number;
  }
  | { readonly ok: false; readonly failure: ReadFailure };

/** What the sources gave at one moment. */
export interface SourcesResult {
  /** One look for each source, but for those of {@link missing}. */
  readonly results: readonly ReadResult[];
  /** Sources that are missing while another could be read; that is no failure. */
  readonly missing: readonly ReadFailure[];
  /** Every session that a source knows, each once; null where no source could be read. */
  readonly snapshot: Snapshot | null;
}

/** The sessions of a snapshot after filters and checks. Unchanged sessions are the same object. */
export interface VisibleSessions {
  readonly snapshot: Snapshot;
  /** Sessions that are shown and counted. */
  readonly sessions: readonly Session[];
  /** Time of boot from the records or the kernel; null when not known. */
  readonly bootTime: number | null;
  /** Sessions left out because their process is gone; null when that was not checked. */
  readonly stale: number | null;
  /** Sessions left out because their login has ended; null where only utmp was read. */
  readonly closing: number | null;
}

/** What a scrape shows: how the look at each source went, and the sessions. */
export interface CollectResult {
  readonly results: readonly ReadResult[];
  /** Null where no source could be read. */
  readonly visible: VisibleSessions | null;
  /** Seconds since the last input on the terminal of a session, where known. */
  readonly idle: ReadonlyMap<Session, number>;
}

/**
 * The sessions and counts of the entries of a utmp file, in steps: after each of them the caller may let
 * other work have its turn. A login of a user whom the filter leaves out is in no count. Text is decoded
 * only of what is kept.
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

/** The sessions of the files of logind, in the order given. */
export function snapshotOfLogind(
  files: readonly LogindOutcome[],
  faults: number,
): LogindSnapshot {
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
