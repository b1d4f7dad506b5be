/** A key of a {@link SlotIndex}: a signed 32-bit number or a text. */
export type IndexKey = number | string;

/**
 * Finds the number of a key in a list of keys. A `Map` of this size would leave tables of a megabyte to the
 * garbage collector when keys are replaced all the time, as they are by somebody with many addresses.
 *
 * It is a hash table with linear probing, and with deletion by moving entries back (Knuth, "The Art of Computer
 * Programming", volume 3, section 6.4, algorithm R). Its hashes differ in each process, so that nobody can choose
 * keys with the same hash.
 */
export class SlotIndex {
  readonly #keys: readonly IndexKey[];
  /** Numbers of keys, or -1. At most half of it is used. */
  readonly #table: Int32Array<ArrayBuffer>;
  readonly #mask: number;
  /** Where the search for each key starts. */
  readonly #homes: Int32Array<ArrayBuffer>;
  readonly #seed = Math.random() * 2 ** 32 | 0;

  /**
   * @param keys The list. A key in the index must not change.
   * @param capacity The largest length of the list.
   */
  constructor(keys: readonly IndexKey[], capacity: number) {
    this.#keys = keys;
    this.#table = new Int32Array(2 ** Math.ceil(Math.log2(2 * capacity))).fill(-1);
    this.#mask = this.#table.length - 1;
    this.#homes = new Int32Array(capacity);
  }

  /** The number of a key, or -1. */
  find(key: IndexKey): number {
    for (let at = this.#homeOf(key);; at = (at + 1) & this.#mask) {
      const slot = this.#table[at] ?? -1;
      if (slot === -1 || this.#keys[slot] === key) return slot;
    }
  }

  /** Adds the key with this number. It must not be in the index. */
  add(slot: number): void {
    let at = this.#homeOf(this.#keys[slot] ?? 0);
    this.#homes[slot] = at;
    while (this.#table[at] !== -1) at = (at + 1) & this.#mask;
    this.#table[at] = slot;
  }

  /** Removes the key with this number. It must be in the index. */
  remove(slot: number): void {
    let hole = this.#homes[slot] ?? 0;
    while (this.#table[hole] !== slot) hole = (hole + 1) & this.#mask;
    for (let at = (hole + 1) & this.#mask;; at = (at + 1) & this.#mask) {
      const next = this.#table[at] ?? -1;
      if (next === -1) break;
      const home = this.#homes[next] ?? 0;
      // The entry may move unless its home lies behind the hole.
      if (((at - home) & this.#mask) >= ((at - hole) & this.#mask)) {
        this.#table[hole] = next;
        hole = at;
      }
    }
    this.#table[hole] = -1;
  }

  #homeOf(key: IndexKey): number {
    let hash = this.#seed;
    if (typeof key === "number") {
      hash ^= key;
    } else {
      // FNV-1a (Fowler, Noll, Vo).
      for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
    }
    // The finalizer of MurmurHash3 (Appleby), which spreads every bit.
    hash = Math.imul(hash ^ hash >>> 16, 0x85ebca6b);
    hash = Math.imul(hash ^ hash >>> 13, 0xc2b2ae35);
    return (hash ^ hash >>> 16) & this.#mask;
  }
}
