import type { FileFailure } from "../files/files.ts";

/** Why a database could not be read, and what a user can do if it is not the usual advice for the reason. */
export interface DatabaseFailure extends FileFailure {
  readonly advice?: string;
  /** Whether it is likely to be over in a moment, as a lock is. */
  readonly isPassing?: true;
}

/** Primary result codes of SQLite (https://sqlite.org/rescode.html). An extended code has one in its low byte. */
const CODES = { error: 1, busy: 5, locked: 6, readOnly: 8, corrupt: 11, notADatabase: 26 } as const;

const PRIMARY_CODE = 0xff;

const LOCKED = "another program keeps the database locked; find it with lslocks and end it";
const INTERRUPTED =
  "a program was interrupted while it wrote to the database; the next login repairs it";

/**
 * The failure for an error of `node:sqlite`. A lock and an input or output error are `io`; content that is no
 * database of the expected form is `malformed`.
 */
export function failureOfSqlite(error: unknown): DatabaseFailure {
  const text = error instanceof Error ? error.message : String(error);
  const code = codeOf(error);
  switch (code) {
    case CODES.busy:
    case CODES.locked:
      return { ok: false, reason: "io", error: text, advice: LOCKED, isPassing: true };
    case CODES.readOnly:
      return { ok: false, reason: "io", error: "it has a hot journal", advice: INTERRUPTED };
    case CODES.error:
    case CODES.corrupt:
    case CODES.notADatabase:
      return { ok: false, reason: "malformed", error: text };
    default:
      return { ok: false, reason: "io", error: text };
  }
}

/** The primary result code of an error of SQLite; null for another error. */
function codeOf(error: unknown): number | null {
  if (!(error instanceof Error) || !("errcode" in error)) return null;
  return typeof error.errcode === "number" ? error.errcode & PRIMARY_CODE : null;
}
