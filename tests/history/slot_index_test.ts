import fc from "fast-check";
import { type IndexKey, SlotIndex } from "../../lib/history/slot_index.ts";
import { assertEquals } from "../support/assert.ts";

const KEY: fc.Arbitrary<IndexKey> = fc.oneof(
  fc.integer({ min: -4, max: 4 }),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  fc.constantFrom("", "a", "b", "1", "2001:db8::1"),
);

Deno.test("an index finds what a Map finds, whatever is replaced", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.array(fc.tuple(KEY, fc.nat(8)), { maxLength: 100 }),
      (capacity, steps) => {
        const keys: IndexKey[] = [];
        const index = new SlotIndex(keys, capacity);
        const expected = new Map<IndexKey, number>();
        for (const [key, wanted] of steps) {
          assertEquals(index.find(key), expected.get(key) ?? -1);
          if (expected.has(key)) continue;
          const slot = keys.length < capacity ? keys.length : wanted % capacity;
          const replaced = keys[slot];
          if (replaced !== undefined) {
            index.remove(slot);
            expected.delete(replaced);
          }
          keys[slot] = key;
          index.add(slot);
          expected.set(key, slot);
        }
        for (const [key, slot] of expected) assertEquals(index.find(key), slot);
      },
    ),
    { numRuns: 500 },
  );
});

Deno.test("a number and its text are two keys", () => {
  const keys = [1, "1"];
  const index = new SlotIndex(keys, 2);
  index.add(0);
  assertEquals(index.find("1"), -1);
  index.add(1);
  assertEquals([index.find(1), index.find("1")], [0, 1]);
});
