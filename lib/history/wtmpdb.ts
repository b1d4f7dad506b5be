import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import type { HistoryRead, Logins } from "../sessions/history.ts";
import type { FailureReason } from "../sessions/snapshot.ts";
import type { UserFilter } from "../sessions/user_filter.ts";
import { DatabaseSource, type DatabaseSourceOptions, type PassOutcome } from "./database_source.ts";
import type { HistoryReadOptions, HistorySource } from "./history_source.ts";
import { malformed, ROW_IDS, ROWS } from "./table.ts";
import { hexOf } from "./column_text.ts";
import { WtmpdbCounts, type WtmpdbRow } from "./wtmpdb_counts.ts";

const ADVICE: Readonly<Record<FailureReason, string>> = {
  missing: "check --wtmpdb-path; a container needs the directory of the database mounted",
  denied: "let the user of this program read the database, for example with setfacl; " +
    "wtmpdbd creates it for root only",
  not_regular: "point --wtmpdb-path at the database of wtmpdb, a regular file",
  too_large: "switch it to a rollback journal: sqlite3 FILE 'PRAGMA journal_mode = DELETE'",
  io: "check the database and its file system",
  malformed:
    "this is not a database of wtmpdb; check --wtmpdb-path, and sqlite3 FILE 'PRAGMA integrity_check'",
};

/** The rows that are counted again at a time. */
const COUNTED_ROWS = 50_000;

/** How often a pass starts over when rows are removed while it reads. */
const ATTEMPTS = 3;

/**
 * The table of wtmpdb, the same since its version 0.1 (wtmpdb `lib/sqlite.c`). Its `ID` is the row id. Times are
 * microseconds since the epoch. A logout updates the row of its login.
 */
const FORM = {
  table: "wtmp",
  columns: ["Type", "User", "Login", "TTY", "RemoteHost", "Service"],
} as const;

/** `USER_PROCESS` of wtmpdb (`include/wtmpdb.h`): not that of utmp. 1 is a boot, 2 a change of the runlevel. */
const USER_PROCESS = 3;

const SELECT = `SELECT rowid AS id, Type IS ${USER_PROCESS} AS isLogin,
    iif(typeof(Login) = 'integer', Login / 1e6, NULL) AS time, ${hexOf("User")} AS user,
    ${["TTY", "RemoteHost", "Service"].map(hexOf).join(" || ' ' || ")} AS origin
  FROM wtmp`;

/** Logins from a database of wtmpdb. */
export class WtmpdbSource implements HistorySource<Logins> {
  readonly #source: DatabaseSource<Logins>;
  readonly #counts: WtmpdbCounts;

  constructor({ filter, ...options }: DatabaseSourceOptions & { readonly filter: UserFilter }) {
    this.#counts = new WtmpdbCounts(filter);
    this.#source = new DatabaseSource(options, {
      source: "wtmpdb",
      advice: ADVICE,
      form: FORM,
      pass: (database, isSameFile) => this.#pass(database, isSameFile),
    });
  }

  /** The logins in the database now. Only rows that were added since the last read are read. Never rejects. */
  read(options: HistoryReadOptions): Promise<HistoryRead<Logins>> {
    return this.#source.read(options);
  }

  /**
   * Reads new rows. Then counts all rows that were ever read: `wtmpdb rotate` deletes some, not always the first
   * ones, and the ids of the last ones can be used again. If any is gone, everything is read anew.
   */
  *#pass(database: DatabaseSync, isSameFile: boolean): Generator<undefined, PassOutcome<Logins>> {
    if (!isSameFile || !this.#hasLast(database)) this.#counts.clear();
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const isAscending = yield* this.#readNew(database);
      if (!isAscending) return malformed("its rows are not in the order of their ids");
      if ((yield* this.#countedRows(database)) === this.#counts.rows) {
        return { ok: true, data: this.#counts.result() };
      }
      this.#counts.clear();
    }
    return { ok: false, reason: "io", error: "rows are removed again and again while it is read" };
  }

  /** Whether the last row that was read is still there. */
  #hasLast(database: DatabaseSync): boolean {
    const { last } = this.#counts;
    if (last === null) return true;
    const row = statement(database, `${SELECT} WHERE rowid = ?`).get(last.id);
    return row !== undefined && isSameRow(rowOf(row), last);
  }

  /** Reads the rows after the last one. False if their ids do not ascend, as in a corrupt database. */
  *#readNew(database: DatabaseSync): Generator<undefined, boolean> {
    const rows = statement(database, `${SELECT} WHERE rowid >= ? ORDER BY rowid LIMIT ${ROWS}`);
    for (let length: number = ROWS; length === ROWS;) {
      const last = this.#counts.last?.id ?? null;
      if (last === ROW_IDS.last) break;
      const found = rows.all(last === null ? ROW_IDS.first : last + 1n).map(rowOf);
      if (!this.#counts.add(found)) return false;
      length = found.length;
      yield;
    }
    return true;
  }

  /** The number of rows up to the last one that was read. */
  *#countedRows(database: DatabaseSync): Generator<undefined, bigint> {
    const { last } = this.#counts;
    if (last === null) return 0n;
    const part = statement(
      database,
      `SELECT count(*) AS rows, max(id) AS last FROM
         (SELECT rowid AS id FROM wtmp WHERE rowid BETWEEN ? AND ? ORDER BY rowid LIMIT ${COUNTED_ROWS})`,
    );
    let total = 0n;
    for (let next = ROW_IDS.first; next <= last.id;) {
      const counted = part.get(next, last.id);
      const [rows, end] = [counted?.["rows"], counted?.["last"]];
      // In a corrupt database the end could be before the start.
      if (typeof rows !== "bigint" || typeof end !== "bigint" || end < next) break;
      total += rows;
      next = end + 1n;
      yield;
    }
    return total;
  }
}

/** A statement whose integers are read whole. */
function statement(database: DatabaseSync, sql: string): ReturnType<DatabaseSync["prepare"]> {
  const prepared = database.prepare(sql);
  prepared.setReadBigInts(true);
  return prepared;
}

/** A row of {@link SELECT}. */
function rowOf(row: Readonly<Record<string, SQLOutputValue>>): WtmpdbRow {
  const { id, isLogin, time, user, origin } = row;
  return {
    id: typeof id === "bigint" ? id : ROW_IDS.first,
    isLogin: isLogin === 1n,
    time: typeof time === "number" ? time : null,
    user: typeof user === "string" ? user : null,
    origin: typeof origin === "string" ? origin : null,
  };
}

function isSameRow(a: WtmpdbRow, b: WtmpdbRow): boolean {
  return a.id === b.id && a.isLogin === b.isLogin && a.time === b.time && a.user === b.user;
}
