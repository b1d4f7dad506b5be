/** The names of `ut_type` 0 to 9, in that order (utmp(5)). */
export const RECORD_TYPES = [
  "empty",
  "run_lvl",
  "boot_time",
  "new_time",
  "old_time",
  "init_process",
  "login_process",
  "user_process",
  "dead_process",
  "accounting",
] as const;

/** One of {@link RECORD_TYPES}. */
export type RecordType = (typeof RECORD_TYPES)[number];

/**
 * One record of a utmp file, as it was written (utmp(5)). Strings are visible text: see `visibleText`.
 */
export interface UtmpRecord {
  /** Bytes from the start of the file. */
  readonly offset: number;
  readonly type: RecordType;
  /** Process id of the login process, on the machine that wrote the file. */
  readonly pid: number;
  /** Terminal without `/dev/`, up to 32 bytes. */
  readonly line: string;
  /** Suffix of the terminal or inittab id, up to 4 bytes. */
  readonly id: string;
  /** User name, up to 32 bytes. */
  readonly user: string;
  /** Remote host, or the kernel version in records of the system; up to 256 bytes. */
  readonly host: string;
  /** Signal that ended the process, and its exit status; set in dead_process. */
  readonly termination: number;
  readonly exit: number;
  /** Session id, getsid(2). */
  readonly session: number;
  /** Seconds since the epoch, 0 to 253402300799 (the end of the year 9999). 0 if not known. */
  readonly seconds: number;
  /** Microseconds as written; a well-formed record has 0 to 999999. */
  readonly microseconds: number;
  /** Canonical IPv4 or IPv6 text; empty if the record has no address. */
  readonly address: string;
}

/** Bytes that could not be decoded as a record. */
export interface Fault {
  /** Bytes from the start of the file. */
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
  /** The reason, for a person. */
  readonly why: string;
}
