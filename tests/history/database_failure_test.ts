import { failureOfSqlite } from "../../lib/history/database_failure.ts";
import { assertEquals } from "../support/assert.ts";

/** Result codes of SQLite by name, with the reason that they give. */
const CODES = {
  SQLITE_ERROR: [1, "malformed"],
  SQLITE_BUSY: [5, "io"],
  SQLITE_LOCKED: [6, "io"],
  SQLITE_NOMEM: [7, "io"],
  SQLITE_READONLY: [8, "io"],
  SQLITE_READONLY_ROLLBACK: [776, "io"],
  SQLITE_IOERR_SHORT_READ: [522, "io"],
  SQLITE_CORRUPT: [11, "malformed"],
  SQLITE_CORRUPT_INDEX: [779, "malformed"],
  SQLITE_CANTOPEN: [14, "io"],
  SQLITE_NOTADB: [26, "malformed"],
} as const;

for (const [name, [errcode, reason]] of Object.entries(CODES)) {
  Deno.test(`${name} is ${reason}`, () => {
    const failure = failureOfSqlite(Object.assign(new Error("why"), { errcode }));
    assertEquals([failure.ok, failure.reason], [false, reason]);
  });
}

Deno.test("an error without a result code is io, with its message", () => {
  const failure = failureOfSqlite(new Error("why"));
  assertEquals(failure, { ok: false, reason: "io", error: "why" });
});
