import { DatabaseSync, type SQLInputValue } from "node:sqlite";

/** The table of wtmpdb, as its `lib/sqlite.c` creates it. */
export const WTMPDB_TABLE = "CREATE TABLE wtmp(ID INTEGER PRIMARY KEY, Type INTEGER, " +
  "User TEXT NOT NULL, Login INTEGER, Logout INTEGER, TTY TEXT, RemoteHost TEXT, Service TEXT) STRICT";

/** The table of lastlog2, as util-linux's `liblastlog2/src/lastlog2.c` creates it. */
export const LASTLOG2_TABLE = "CREATE TABLE Lastlog2(Name TEXT PRIMARY KEY, Time INTEGER, " +
  "TTY TEXT, RemoteHost TEXT, Service TEXT)";

/** What a row of wtmpdb has beside its id. */
export interface WtmpdbLogin {
  readonly type?: number;
  readonly user?: SQLInputValue;
  /** In microseconds since the epoch. */
  readonly login?: SQLInputValue;
  readonly tty?: SQLInputValue;
  readonly host?: SQLInputValue;
  readonly service?: SQLInputValue;
}

let latest = 1_700_000_000;

/** The latest of so many times, a second apart, each later than those before. In microseconds since the epoch. */
export function laterTime(times: number): number {
  latest += times;
  return latest * 1_000_000;
}

/** A database that a test writes, as wtmpdb does. Disposing it closes it. */
export class WtmpdbFile implements Disposable {
  readonly database: DatabaseSync;

  /** Opens or creates the database. */
  constructor(readonly path: string, table: string = WTMPDB_TABLE) {
    this.database = new DatabaseSync(path, { timeout: 5_000 });
    this.database.exec("PRAGMA synchronous = OFF");
    this.database.exec(table.replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS"));
  }

  /** Adds a row: a login of ann over ssh, unless told otherwise. Gives its id. */
  login(
    {
      type = 3,
      user = "ann",
      login = 1_700_000_000_000_000,
      tty = "pts/0",
      host = "192.0.2.7",
      service = "sshd",
    }: WtmpdbLogin = {},
  ): number | bigint {
    return this.database.prepare(
      "INSERT INTO wtmp (Type, User, Login, TTY, RemoteHost, Service) VALUES (?, ?, ?, ?, ?, ?)",
    ).run(type, user, wholeNumber(login), tty, host, service).lastInsertRowid;
  }

  /** Adds so many logins of this many users in one transaction, a second apart. */
  logins(rows: number, users = 100): void {
    this.database.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
       INSERT INTO wtmp (Type, User, Login, TTY, RemoteHost, Service)
       SELECT 3, 'user' || (i % ?), ? + i * 1000000, 'pts/' || (i % 50),
         '192.0.2.' || (i % 250), 'sshd' FROM n`,
    ).run(rows, users, BigInt(laterTime(rows) - rows * 1_000_000));
  }

  [Symbol.dispose](): void {
    this.database.close();
  }
}

/** A whole number as an integer of SQLite; the runtime binds each number as a real one. */
function wholeNumber(value: SQLInputValue): SQLInputValue {
  return typeof value === "number" && Number.isInteger(value) ? BigInt(value) : value;
}
