import fc from "fast-check";
import { type LayoutName, LAYOUTS } from "../../lib/utmp/layout.ts";

/** Damages a record. */
type Damage = (record: Uint8Array) => Uint8Array;

const RANDOM: fc.Arbitrary<Damage> = fc.uint8Array({ minLength: 400, maxLength: 400 })
  .map((bytes) => (record) => bytes.slice(0, record.length));

const ZEROS: fc.Arbitrary<Damage> = fc.constant((record) => new Uint8Array(record.length));

/** Invalid types, and 0, whose records have no text. */
const WRONG_TYPE: fc.Arbitrary<Damage> = fc.uint8Array({ minLength: 2, maxLength: 2 })
  .filter(([a = 0, b = 0]) => (a > 9 && b > 9) || a + b === 0)
  .map((type) => (record) => {
    const spoiled = record.slice();
    spoiled.set(type);
    return spoiled;
  });

const SHIFTED: fc.Arbitrary<Damage> = fc.integer({ min: -399, max: 399 })
  .filter((by) => by !== 0)
  .map((by) => (record) => {
    const spoiled = new Uint8Array(record.length);
    spoiled.set(by > 0 ? record.slice(0, -by) : record.slice(-by), Math.max(by, 0) % record.length);
    return spoiled;
  });

const DAMAGE = fc.oneof(RANDOM, ZEROS, WRONG_TYPE, SHIFTED);

/** A file in which half of the records are damaged, each in any way. */
export function halfSpoiled(name: LayoutName, file: Uint8Array): fc.Arbitrary<Uint8Array> {
  const { size } = LAYOUTS[name];
  const records = Math.floor(file.length / size);
  const half = Math.floor(records / 2);
  return fc.tuple(
    fc.shuffledSubarray(Array.from({ length: records }, (_, i) => i), {
      minLength: half,
      maxLength: half,
    }),
    fc.array(DAMAGE, { minLength: half, maxLength: half }),
  ).map(([numbers, damages]) => {
    const spoiled = file.slice();
    numbers.forEach((number, i) => {
      const record = spoiled.slice(number * size, (number + 1) * size);
      spoiled.set(damages[i]?.(record) ?? record, number * size);
    });
    return spoiled;
  });
}
