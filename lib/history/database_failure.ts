import type { FileFailure } from "../files/files.ts";

/** Why a database could not be read, and what a user can do if it is not the usual advice for the reason. */
export interface DatabaseFailure extends FileFailure {
  readonly advice?: string;
  /** Whether it is likely to be over in a moment, as a lock is. */
  readonly isPassing?: true;
}

/** Result codes of SQLite (https://sqlite.org/rescode.html). An extended code has a primary one in its low byte. */
const CODES = {
  error: 1,
  busy: 5,
  locked: 6,
  corrupt: 11,
  cannotOpen: 14,
  notADatabase: 26,
  readOnlyRollback: 776,
} as const;

const PRIMARY_CODE = 0xff;

const LOCKED = "another program keeps the database locked; find it with lslocks and end it";
const INTERRUPTED =
  "a program was interrupted while it wrote to the database; the next login repairs it";
const UNREADABLE = "let the user of this program read the database and the files beside it " +
  "whose names end in -wal, -shm and -journal";

/**
 * The failure for an error of `node:sqlite`. A lock and an input or output error are `io`; content that is no
 * database of the expected form is `malformed`.
 */
export function failureOfSqlite(error: unknown): DatabaseFailure {
  const text = error instanceof Error ? error.message : String(error);
  const code = codeOf(error);
  if (code === CODES.readOnlyRollback) {
    return { ok: false, reason: "io", error: "it has a hot journal", advice: INTERRUPTED };
  }
  switch (code & PRIMARY_CODE) {
    case CODES.busy:
    case CODES.locked:
      return { ok: false, reason: "io", error: text, advice: LOCKED, isPassing: true };
    case CODES.cannotOpen:
      return { ok: false, reason: "io", error: text, advice: UNREADABLE };
    case CODES.error:
    case CODES.corrupt:
    case CODES.notADatabase:
      return { ok: false, reason: "malformed", error: text };
    default:
      return { ok: false, reason: "io", error: text };
  }
}

/** The extended result code of an error of SQLite; 0 for another error. */
function codeOf(error: unknown): number {
  if (!(error instanceof Error) || !("errcode" in error)) return 0;
  return typeof error.errcode === "number" ? error.errcode : 0;
}
