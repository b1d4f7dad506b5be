import type { DatabaseSync } from "node:sqlite";
import type { HistoryRead, LastLogins } from "../sessions/history.ts";
import type { FailureReason } from "../sessions/snapshot.ts";
import type { UserFilter } from "../sessions/user_filter.ts";
import { LAST_SECOND } from "../utmp/mod.ts";
import { hexOf, textOfHex } from "./column_text.ts";
import { DatabaseSource, type DatabaseSourceOptions, type PassOutcome } from "./database_source.ts";
import type { HistoryReadOptions, HistorySource } from "./history_source.ts";
import { LatestLogins } from "./latest_logins.ts";
import { malformed, ROW_IDS, ROWS } from "./table.ts";

const ADVICE: Readonly<Record<FailureReason, string>> = {
  missing: "check --lastlog2-path; a container needs the directory of the database mounted; " +
    "pam_lastlog2 creates it at the first login",
  denied: "let the user of this program read the database",
  not_regular: "point --lastlog2-path at the database of lastlog2, a regular file",
  too_large: "switch it to a rollback journal: sqlite3 FILE 'PRAGMA journal_mode = DELETE'",
  io: "check the database and its file system",
  malformed:
    "this is not a database of lastlog2; check --lastlog2-path, and sqlite3 FILE 'PRAGMA integrity_check'",
};

/** How often a pass starts over when the rows get new ids while it reads. */
const ATTEMPTS = 3;

/**
 * The table of lastlog2 (util-linux `liblastlog2/src/lastlog2.c`): one row for each user. Times are seconds since
 * the epoch. A login replaces the row of its user, which gets a new, higher row id.
 */
const FORM = { table: "Lastlog2", columns: ["Name", "Time"] } as const;

const SELECT = `SELECT rowid AS id, ${hexOf("Name")} AS user,
    iif(typeof(Time) = 'integer' AND Time BETWEEN 0 AND ${LAST_SECOND}, Time, NULL) AS time
  FROM Lastlog2 WHERE rowid >= ? ORDER BY rowid LIMIT ${ROWS}`;

/** The last login of each user from a database of lastlog2. */
export class Lastlog2Source implements HistorySource<LastLogins> {
  readonly #source: DatabaseSource<LastLogins>;
  readonly #filter: UserFilter;
  #last: LastLogins | null = null;

  constructor({ filter, ...options }: DatabaseSourceOptions & { readonly filter: UserFilter }) {
    this.#filter = filter;
    this.#source = new DatabaseSource(options, {
      source: "lastlog2",
      advice: ADVICE,
      form: FORM,
      pass: (database) => this.#pass(database),
    });
  }

  /**
   * The last logins in the database now. All rows are read when it has changed. A row that cannot be decoded is
   * counted in `omitted`. Never rejects.
   */
  read(options: HistoryReadOptions): Promise<HistoryRead<LastLogins>> {
    return this.#source.read(options);
  }

  *#pass(database: DatabaseSync): Generator<undefined, PassOutcome<LastLogins>> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const version = schemaVersion(database);
      const latest = new LatestLogins();
      const isAscending = yield* this.#readAll(database, latest);
      if (!isAscending) return malformed("its rows are not in the order of their ids");
      // VACUUM gives new ids, so rows could have been missed. It changes the version.
      if (schemaVersion(database) !== version) continue;
      const data = latest.result();
      if (this.#last === null || !isSame(this.#last, data)) this.#last = data;
      return { ok: true, data: this.#last };
    }
    return {
      ok: false,
      reason: "io",
      error: "its rows get new ids again and again while it is read",
    };
  }

  /** Adds all rows. False if their ids do not ascend, as in a corrupt database. */
  *#readAll(database: DatabaseSync, latest: LatestLogins): Generator<undefined, boolean> {
    const statement = database.prepare(SELECT);
    statement.setReadBigInts(true);
    let next: bigint = ROW_IDS.first;
    for (let length: number = ROWS; length === ROWS && next <= ROW_IDS.last;) {
      const rows = statement.all(next);
      for (const { id, user, time } of rows) {
        if (typeof id !== "bigint" || id < next) return false;
        next = id + 1n;
        if (typeof user !== "string" || typeof time !== "bigint") latest.skip();
        else this.#add(latest, { username: textOfHex(user), time: Number(time) });
      }
      length = rows.length;
      yield;
    }
    return true;
  }

  #add(
    latest: LatestLogins,
    { username, time }: { readonly username: string; readonly time: number },
  ): void {
    if (username !== "" && time !== 0 && this.#filter(username)) latest.add(username, time);
  }
}

/** A number that changes with `VACUUM` and with the tables. */
function schemaVersion(database: DatabaseSync): unknown {
  return database.prepare("PRAGMA schema_version").get()?.["schema_version"];
}

function isSame(a: LastLogins, b: LastLogins): boolean {
  if (a.omitted !== b.omitted || a.times.size !== b.times.size) return false;
  for (const [username, time] of a.times) if (b.times.get(username) !== time) return false;
  return true;
}
