import type { DatabaseSync } from "node:sqlite";
import { failureOf, type Files, MAX_FILE_SIZE, readRegularFile } from "../files/files.ts";
import { type DatabaseFailure, failureOfSqlite } from "./database_failure.ts";
import {
  type DatabaseState,
  type DatabaseStats,
  isSameDatabaseState,
  statDatabase,
  statIfPresent,
} from "./database_state.ts";
import { loadSqlite, type Sqlite } from "./sqlite.ts";
import { malformed, type TableForm } from "./table.ts";

/**
 * How long a statement waits for a lock, in milliseconds. `node:sqlite` is synchronous: nothing else runs
 * meanwhile. A commit of a login holds its lock for a few milliseconds.
 */
export const BUSY_TIMEOUT = 50;

/** The file system functions that open a database; `Deno` has them. */
export interface DatabaseFiles extends DatabaseStats, Pick<Files, "readFile"> {
  readonly open: (path: string, options: { readonly read: true }) => Promise<ReadableFile>;
}

/** The part of an open file that reads its header. */
interface ReadableFile {
  readonly read: (buffer: Uint8Array<ArrayBuffer>) => Promise<number | null>;
  readonly close: () => void;
}

/** A database that must be closed, or why it could not be opened. */
export type OpenOutcome = { readonly ok: true; readonly database: DatabaseSync } | DatabaseFailure;

/** The header of a database file (https://sqlite.org/fileformat2.html, "The Database Header"). */
const HEADER = {
  size: 100,
  magic: "SQLite format 3\0",
  writeVersion: 18,
  readVersion: 19,
} as const;

/** The versions of a database with a rollback journal and of one in WAL mode. */
const VERSIONS = { rollback: 1, wal: 2 } as const;

const NO_SQLITE: DatabaseFailure = {
  ok: false,
  reason: "io",
  error: "this build cannot read SQLite databases",
  advice: "use a build that runs on Deno, or run this one with Node 22.13 or later",
};

const NO_COPY: DatabaseFailure = {
  ok: false,
  reason: "io",
  error: "it is in WAL mode and no program has it open, which this runtime cannot read",
  advice: "switch it to a rollback journal: sqlite3 FILE 'PRAGMA journal_mode = DELETE'",
};

const CHANGED: DatabaseFailure = {
  ok: false,
  reason: "io",
  error: "it changed while it was read",
  isPassing: true,
};

const NO_INDEX: DatabaseFailure = {
  ok: false,
  reason: "io",
  error: "it has a write-ahead log (-wal) without an index (-shm)",
  advice: "let this program read the directory of the database, not only the file; " +
    "if no -shm is there, the next login creates it",
};

/**
 * A database in memory with an empty table. An empty file is such a database: logrotate leaves one, and the next
 * login creates the table (Debian's `/etc/logrotate.d/wtmpdb`; wtmpdb reads it likewise since 0.75).
 */
export async function emptyDatabase({ table, columns }: TableForm): Promise<OpenOutcome> {
  const sqlite = await loadSqlite();
  if (sqlite === null) return NO_SQLITE;
  const database = new sqlite.DatabaseSync(":memory:");
  database.exec(`CREATE TABLE ${table}(${columns.join(", ")})`);
  return { ok: true, database };
}

/**
 * Opens a database for reading. Nothing is written beside it, even if the user of this program could. Does not
 * reject.
 *
 * SQLite reads a database in WAL mode with the files -wal and -shm, and creates them if they are missing. So a
 * database in WAL mode that nobody has open, which has no log, is read into memory, where it needs neither. That
 * is right only because nothing is in a log. It is the same as the URI parameter `immutable=1`, which is not
 * available with limited permissions, but it is certain that the copy is of one moment.
 */
export async function openDatabase(
  files: DatabaseFiles,
  state: DatabaseState,
): Promise<OpenOutcome> {
  const { path } = state;
  const header = await readHeader(files, path);
  if (!header.ok) return header;
  const sqlite = await loadSqlite();
  if (sqlite === null) return NO_SQLITE;
  // SQLite uses a log that is there, whatever the header says.
  if (!header.isWal && state.log === null) return open(sqlite, path);
  if (state.log === null || state.log.size === 0) {
    return await openCopy(sqlite, { files, state });
  }
  const index = await statIfPresent(files, `${path}-shm`);
  if (!index.ok) return index;
  return index.state === null ? NO_INDEX : open(sqlite, path);
}

/** Whether the file is a database in WAL mode. Fails if it is no database. */
async function readHeader(
  files: DatabaseFiles,
  path: string,
): Promise<{ readonly ok: true; readonly isWal: boolean } | DatabaseFailure> {
  const header = new Uint8Array(HEADER.size);
  try {
    const file = await files.open(path, { read: true });
    try {
      const length = await file.read(header);
      if (length === null || length === 0) return CHANGED;
    } finally {
      file.close();
    }
  } catch (error) {
    return failureOf(error);
  }
  const magic = String.fromCharCode(...header.subarray(0, HEADER.magic.length));
  if (magic !== HEADER.magic) return malformed("it is not an SQLite database");
  return { ok: true, isWal: header[HEADER.readVersion] === VERSIONS.wal };
}

function open({ DatabaseSync }: Sqlite, path: string): OpenOutcome {
  try {
    return ready(new DatabaseSync(path, { readOnly: true }));
  } catch (error) {
    return failureOfSqlite(error);
  }
}

/** Opens a copy of a database in memory, as one with a rollback journal. It must not change meanwhile. */
async function openCopy(
  { DatabaseSync }: Sqlite,
  { files, state }: { readonly files: DatabaseFiles; readonly state: DatabaseState },
): Promise<OpenOutcome> {
  const { path } = state;
  const read = await readRegularFile(files, path, MAX_FILE_SIZE);
  if (!read.ok) return read;
  const after = await statDatabase(files, path);
  if (!after.ok) return after;
  if (!isSameDatabaseState(state, after.state) || read.bytes.length !== state.file.size) {
    return CHANGED;
  }
  read.bytes.fill(VERSIONS.rollback, HEADER.writeVersion, HEADER.readVersion + 1);
  const database = new DatabaseSync(":memory:");
  if (!("deserialize" in database)) return NO_COPY;
  try {
    database.deserialize(read.bytes);
    return ready(database);
  } catch (error) {
    database.close();
    return failureOfSqlite(error);
  }
}

/** Prepares a connection for content that is not trusted. This does not touch the file. */
function ready(database: DatabaseSync): OpenOutcome {
  // Large sorts would otherwise write temporary files.
  database.exec(
    `PRAGMA busy_timeout = ${BUSY_TIMEOUT}; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY`,
  );
  return { ok: true, database };
}
