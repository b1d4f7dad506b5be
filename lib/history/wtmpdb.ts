import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import type { HistoryRead, Logins } from "../sessions/history.ts";
import type { FailureReason } from "../sessions/snapshot.ts";
import type { UserFilter } from "../sessions/user_filter.ts";
import { LAST_SECOND } from "../utmp/mod.ts";
import { DatabaseSource, type DatabaseSourceOptions, type PassOutcome } from "./database_source.ts";
import type { HistoryReadOptions, HistorySource } from "./history_source.ts";
import { malformed, ROW_IDS } from "./table.ts";
import { hexOf } from "./column_text.ts";
import { WtmpdbCounts, type WtmpdbRows } from "./wtmpdb_counts.ts";

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

/** The number of rows that are read, or only counted, at a time. Each takes some 10 ms. */
const NEW_ROWS = 4_000;

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

const COLUMNS = `rowid AS id, Type IS ${USER_PROCESS} AS areLogins,
  iif(typeof(Login) = 'integer', Login / 1e6, NULL) AS time, ${hexOf("User")} AS user,
  ${["TTY", "RemoteHost", "Service"].map(hexOf).join(" || ' ' || ")} AS origin`;

/** Most rows repeat user and origin of others. To count them in SQL takes half the time, and less memory. */
const SELECT_NEW = `SELECT min(id) AS first, max(id) AS last, count(*) AS rows, areLogins, user,
    origin, max(time) AS time, time NOT BETWEEN 0 AND ${LAST_SECOND + 1} AS areOutOfRange
  FROM (SELECT ${COLUMNS} FROM wtmp WHERE rowid >= ? ORDER BY rowid LIMIT ${NEW_ROWS})
  GROUP BY areLogins, user, origin, areOutOfRange`;

const SELECT_ONE = `SELECT ${COLUMNS} FROM wtmp WHERE rowid = ?`;

const SELECT_LAST_BEFORE = `SELECT max(rowid) AS last FROM wtmp
  WHERE typeof(Login) = 'integer' AND Login / 1e6 <= ?`;

/** Logins from a database of wtmpdb. */
export class WtmpdbSource implements HistorySource<Logins> {
  readonly #source: DatabaseSource<Logins>;
  readonly #counts: WtmpdbCounts;
  /** The last row that was read, as text; null if there was none, or it was deleted at once. */
  #lastRow: string | null = null;

  constructor({ filter, ...options }: DatabaseSourceOptions & { readonly filter: UserFilter }) {
    this.#counts = new WtmpdbCounts(filter);
    this.#source = new DatabaseSource(options, {
      source: "wtmpdb",
      advice: ADVICE,
      form: FORM,
      pass: (database) => this.#pass(database),
    });
  }

  /** The logins in the database now. Only rows that were added since the last read are read. Never rejects. */
  read(options: HistoryReadOptions): Promise<HistoryRead<Logins>> {
    return this.#source.read(options);
  }

  /**
   * Reads new rows. `wtmpdb rotate` deletes old ones, which stay in the count: if it fell to the rest, Prometheus would
   * take the rest for logins since a reset. If none is left, the count starts over. After the highest id, which no
   * program gets to, new ids are random, and all rows are read.
   */
  *#pass(database: DatabaseSync): Generator<undefined, PassOutcome<Logins>> {
    if (this.#counts.last === ROW_IDS.last) this.#counts.clear();
    if (!this.#hasLast(database)) this.#goBack(database);
    const isAscending = yield* this.#readNew(database);
    if (!isAscending) return malformed("its rows are not in the order of their ids");
    return { ok: true, data: this.#counts.result() };
  }

  /** Whether the last row that was read is still there. */
  #hasLast(database: DatabaseSync): boolean {
    const { last } = this.#counts;
    if (last === null) return true;
    return this.#lastRow !== null && rowText(database, last) === this.#lastRow;
  }

  /**
   * Goes on after the rows that are left, because the ids after them can be used again. They are those up to the
   * latest login that was read.
   */
  #goBack(database: DatabaseSync): void {
    const last = statement(database, SELECT_LAST_BEFORE).get(this.#counts.latest)?.["last"];
    if (typeof last !== "bigint") return this.#counts.clear();
    this.#counts.goBack(last);
    this.#lastRow = rowText(database, last);
  }

  /** Reads the rows after the last one. False if their ids do not ascend, as in a corrupt database. */
  *#readNew(database: DatabaseSync): Generator<undefined, boolean> {
    const select = statement(database, SELECT_NEW);
    for (let isEnd = false; !isEnd;) {
      const { last } = this.#counts;
      if (last === ROW_IDS.last) break;
      const groups = select.all(last === null ? ROW_IDS.first : last + 1n).map(rowsOf);
      if (!this.#counts.add(groups)) return false;
      const added = groups.reduce((sum, { rows }) => sum + rows, 0);
      const newest = this.#counts.last;
      if (newest !== null && newest !== last) this.#lastRow = rowText(database, newest);
      isEnd = added < NEW_ROWS;
      yield;
    }
    return true;
  }
}

/** A statement whose integers are read whole. */
function statement(database: DatabaseSync, sql: string): ReturnType<DatabaseSync["prepare"]> {
  const prepared = database.prepare(sql);
  prepared.setReadBigInts(true);
  return prepared;
}

/** What identifies a row; null if there is none with this id. */
function rowText(database: DatabaseSync, id: bigint): string | null {
  const row = statement(database, SELECT_ONE).get(id);
  return row === undefined ? null : Object.values(row).join(" ");
}

/** A row of {@link SELECT_NEW}. */
function rowsOf(row: Readonly<Record<string, SQLOutputValue>>): WtmpdbRows {
  const { first, last, rows, areLogins, time, areOutOfRange, user, origin } = row;
  return {
    first: typeof first === "bigint" ? first : ROW_IDS.first,
    last: typeof last === "bigint" ? last : ROW_IDS.last,
    rows: Number(rows),
    areLogins: areLogins === 1n,
    time: typeof time === "number" ? time : null,
    areOutOfRange: areOutOfRange === 1n,
    user: typeof user === "string" ? user : null,
    origin: typeof origin === "string" ? origin : null,
  };
}
