import { DatabaseSync } from "node:sqlite";
import { hexOf, kept, textOfHex } from "../../lib/history/column_text.ts";
import { assertEquals } from "../support/assert.ts";

/** The text of an SQL value as it is read from a column; null if it is too long. */
function textOf(value: string): string | null {
  const database = new DatabaseSync(":memory:");
  const row = database.prepare(`SELECT ${hexOf("value")} AS hex FROM (SELECT ${value} AS value)`)
    .get();
  database.close();
  const hex = row?.["hex"];
  return typeof hex === "string" ? textOfHex(hex) : null;
}

const VALUES = [
  ["'ann'", "ann"],
  ["NULL", ""],
  ["''", ""],
  ["42", "42"],
  ["1.5", "1.5"],
  ["x'616e6e'", "ann"],
  ["x'616e6e00626f62'", "ann"],
  ["CAST(x'ff61fe' AS TEXT)", "\\xffa\\xfe"],
  ["'a' || char(10) || 'b'", "a\\x0ab"],
  ["'ж'", "ж"],
  ["'\"{},='", '"{},='],
] as const;

for (const [value, text] of VALUES) {
  Deno.test(`the SQL value ${value} is the text ${JSON.stringify(text)}`, () => {
    assertEquals(textOf(value), text);
  });
}

Deno.test("a long text is cut, a longer one is not read", () => {
  assertEquals(textOf("printf('%.*c', 256, 'a')"), "a".repeat(256));
  assertEquals(textOf("printf('%.*c', 257, 'a')"), "a".repeat(256));
  assertEquals(textOf("printf('%.*c', 4096, 'a')"), "a".repeat(256));
  assertEquals(textOf("printf('%.*c', 4097, 'a')"), null);
  assertEquals(textOf("zeroblob(4097)"), null);
});

Deno.test("kept results are computed once, and their number is bounded", () => {
  const calls = new Map<string, number>();
  const length = kept((key) => {
    calls.set(key, (calls.get(key) ?? 0) + 1);
    return key.length;
  });
  assertEquals([length("ab"), length("ab"), calls.get("ab")], [2, 2, 1]);
  for (let i = 0; i < 10_000; i++) length(`${i}`);
  assertEquals([length("ab"), calls.get("ab")], [2, 2]);
});
