import type { DatabaseSync } from "node:sqlite";
import type { DatabaseFailure } from "./database_failure.ts";

/** The number of rows that are read at a time. Others can write to the database between two times. */
export const ROWS = 500;

/** The lowest and highest row ids of SQLite. */
export const ROW_IDS = { first: -(2n ** 63n), last: 2n ** 63n - 1n } as const;

/** The columns that a table must have. */
export interface TableForm {
  readonly table: string;
  readonly columns: readonly string[];
}

/**
 * Why a database does not have a table of this form; null if it does. Other columns and tables do not matter. A
 * view or virtual table is not accepted, because it could run any code of SQLite.
 */
export function schemaFailure(
  database: DatabaseSync,
  { table, columns }: TableForm,
): DatabaseFailure | null {
  const found = database.prepare(
    "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ? COLLATE NOCASE AND rootpage > 0",
  ).get(table);
  if (found === undefined) return malformed(`it has no table ${table}`);
  const names = new Set(
    database.prepare("SELECT lower(name) AS name FROM pragma_table_info(?)").all(table)
      .map(({ name }) => name),
  );
  const missing = columns.filter((column) => !names.has(column.toLowerCase()));
  if (missing.length > 0) {
    return malformed(`its table ${table} has no column ${missing.join(", ")}`);
  }
  const encoding = database.prepare("PRAGMA encoding").get()?.["encoding"];
  return encoding === "UTF-8" ? null : malformed(`its texts are ${encoding}, not UTF-8`);
}

/** The failure of a database that was read and has other content than expected. */
export function malformed(error: string): DatabaseFailure {
  return { ok: false, reason: "malformed", error };
}
