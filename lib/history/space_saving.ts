import { type IndexKey, SlotIndex } from "./slot_index.ts";

/** How often a key was counted. */
export interface KeyCount {
  readonly key: IndexKey;
  /** At least 1. Never more than the real number, and less by at most {@link SpaceSaving.error}. */
  readonly count: number;
}

/**
 * Counts the most frequent keys of a stream in bounded memory: the Space-Saving algorithm with a heap (Metwally,
 * Agrawal, El Abbadi, "Efficient Computation of Frequent and Top-k Elements in Data Streams", 2005).
 *
 * If the table is full, a new key replaces the one with the smallest count, and inherits that count as its
 * possible error. The inherited part is not in {@link KeyCount.count}, so a count is never too high. As long as
 * no key was replaced, every count is exact. A key that was counted more often than {@link error} is in the
 * table.
 */
export class SpaceSaving {
  readonly #capacity: number;
  readonly #index: SlotIndex;
  /** By slot. */
  readonly #keys: IndexKey[] = [];
  readonly #counts: number[] = [];
  readonly #errors: number[] = [];
  /** Slots as a binary heap with the smallest count first, and the position of each slot in it. */
  readonly #heap: number[] = [];
  readonly #positions: number[] = [];
  #hasReplaced = false;

  /** `capacity` is the number of keys that are counted at a time, at least 1. */
  constructor(capacity: number) {
    if (!(capacity >= 1)) throw new RangeError(`Cannot count ${capacity} keys`);
    this.#capacity = capacity;
    this.#index = new SlotIndex(this.#keys, capacity);
  }

  /** By how much a count can be too low; 0 as long as every key is counted. */
  get error(): number {
    return this.#hasReplaced ? this.#counts[this.#heap[0] ?? 0] ?? 0 : 0;
  }

  /** Counts a key once. */
  add(key: IndexKey): void {
    const found = this.#index.find(key);
    const slot = found === -1 ? this.#insert(key) : found;
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1;
    this.#sink(this.#positions[slot] ?? 0);
  }

  /** The `limit` keys with the highest counts, in no order. Of equal ones at the limit, the table decides. */
  top(limit: number): readonly KeyCount[] {
    if (limit === 0) return [];
    const size = this.#keys.length;
    // Plain loops: this runs in each scrape after a failed login.
    const counts = new Float64Array(size);
    for (let slot = 0; slot < size; slot++) {
      counts[slot] = (this.#counts[slot] ?? 0) - (this.#errors[slot] ?? 0);
    }
    const least = counts.slice().sort().at(-limit) ?? 0;
    const [above, equal]: [KeyCount[], KeyCount[]] = [[], []];
    for (let slot = 0; slot < size; slot++) {
      const count = counts[slot] ?? 0;
      if (count < least || (count === least && equal.length === limit)) continue;
      (count > least ? above : equal).push({ key: this.#keys[slot] ?? 0, count });
    }
    return [...above, ...equal.slice(0, limit - above.length)];
  }

  /** The slot of a new key; its count does not include it yet. */
  #insert(key: IndexKey): number {
    const size = this.#keys.length;
    if (size < this.#capacity) {
      this.#keys.push(key);
      this.#counts.push(0);
      this.#errors.push(0);
      this.#heap.push(size);
      this.#positions.push(size);
      this.#index.add(size);
      this.#rise(size);
      return size;
    }
    const slot = this.#heap[0] ?? 0;
    this.#hasReplaced = true;
    this.#index.remove(slot);
    this.#keys[slot] = key;
    this.#index.add(slot);
    this.#errors[slot] = this.#counts[slot] ?? 0;
    return slot;
  }

  /** Moves the slot at a position of the heap up to its place. */
  #rise(start: number): void {
    let position = start;
    while (position > 0) {
      const parent = (position - 1) >> 1;
      if (this.#countAt(parent) <= this.#countAt(position)) return;
      this.#swap(parent, position);
      position = parent;
    }
  }

  /** Moves the slot at a position of the heap down to its place. */
  #sink(start: number): void {
    let position = start;
    for (;;) {
      let least = position;
      const left = 2 * position + 1;
      if (left < this.#heap.length && this.#countAt(left) < this.#countAt(least)) least = left;
      const right = left + 1;
      if (right < this.#heap.length && this.#countAt(right) < this.#countAt(least)) least = right;
      if (least === position) return;
      this.#swap(least, position);
      position = least;
    }
  }

  #countAt(position: number): number {
    return this.#counts[this.#heap[position] ?? 0] ?? 0;
  }

  #swap(a: number, b: number): void {
    const [one, other] = [this.#heap[a] ?? 0, this.#heap[b] ?? 0];
    this.#heap[a] = other;
    this.#heap[b] = one;
    this.#positions[other] = a;
    this.#positions[one] = b;
  }
}
