import fc from "fast-check";
import { SpaceSaving } from "../../lib/history/space_saving.ts";
import { assert, assertEquals, assertThrows } from "../support/assert.ts";

function counted(keys: Iterable<number>, capacity: number): SpaceSaving {
  const table = new SpaceSaving(capacity);
  for (const key of keys) table.add(key);
  return table;
}

function exactCounts(keys: Iterable<number>): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

const STREAM = fc.record({
  capacity: fc.integer({ min: 1, max: 12 }),
  keys: fc.array(fc.oneof(fc.nat(3), fc.nat(30)), { maxLength: 400 }),
});

Deno.test("no count is too high, and none is too low by more than the error", () => {
  fc.assert(fc.property(STREAM, ({ capacity, keys }) => {
    const [table, exact] = [counted(keys, capacity), exactCounts(keys)];
    for (const { key, count } of table.top(capacity)) {
      const real = exact.get(Number(key)) ?? 0;
      assert(count >= 1 && count <= real && count >= real - table.error, `${key}: ${count}`);
    }
  }));
});

Deno.test("the error is at most the number of keys by the capacity", () => {
  fc.assert(fc.property(STREAM, ({ capacity, keys }) => {
    assert(counted(keys, capacity).error <= keys.length / capacity);
  }));
});

Deno.test("a key that was counted more often than the error is in the table", () => {
  fc.assert(fc.property(STREAM, ({ capacity, keys }) => {
    const table = counted(keys, capacity);
    const found = new Set(table.top(capacity).map(({ key }) => key));
    for (const [key, real] of exactCounts(keys)) assert(real <= table.error || found.has(key));
  }));
});

Deno.test("as many keys as the capacity are counted exactly, one more is not", () => {
  const keys = [1, 1, 1, 2, 2, 3];
  assertEquals(counted(keys, 3).error, 0);
  assertEquals(
    counted(keys, 3).top(9),
    [
      { key: 1, count: 3 },
      { key: 2, count: 2 },
      { key: 3, count: 1 },
    ].toSorted((a, b) => a.key - b.key),
  );
  const full = counted([...keys, 4], 3);
  assertEquals(full.error, 2);
  assertEquals(full.top(9).map(({ key, count }) => [key, count]).sort(), [[1, 3], [2, 2], [4, 1]]);
});

for (
  const [limit, keys] of [[0, []], [1, [3]], [2, [1, 3]], [3, [1, 2, 3]], [4, [1, 2, 3]]] as const
) {
  Deno.test(`the ${limit} keys with the highest counts of three`, () => {
    const table = counted([1, 2, 3, 3, 1, 3], 5);
    assertEquals(table.top(limit).map(({ key }) => Number(key)).sort(), [...keys]);
  });
}

Deno.test("of equal keys at the limit, as many are returned as there is room for", () => {
  assertEquals(counted([9, 8, 7, 7, 6], 5).top(3).map(({ key }) => key), [7, 9, 8]);
});

Deno.test("a million keys that occur once leave only the capacity, and one that occurs often", () => {
  const table = new SpaceSaving(1_000);
  for (let i = 0; i < 1_000_000; i++) {
    table.add(i);
    if (i % 100 === 0) table.add("192.0.2.1.example");
  }
  assert(table.error > 0 && table.error <= 1_010_000 / 1_000, String(table.error));
  const [first] = table.top(1);
  assertEquals([table.top(10_000).length, first?.key], [1_000, "192.0.2.1.example"]);
  assert(first !== undefined && first.count <= 10_000 && first.count >= 10_000 - table.error);
});

Deno.test("a table without room is a mistake", () => {
  assertThrows(() => new SpaceSaving(0), RangeError, "Cannot count 0 keys");
});
