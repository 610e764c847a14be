// Numbers, one at a time, into one typed array.

/** A list of 32-bit numbers that grows. */
export class GrowingNumbers {
  #items: Uint32Array;
  #length = 0;

  constructor(capacity = 1024) {
    this.#items = new Uint32Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** What was pushed so far. The view stays valid until the next push. */
  get items(): Uint32Array {
    return this.#items.subarray(0, this.#length);
  }

  at(index: number): number {
    return this.#items[index] as number;
  }

  push(value: number): void {
    if (this.#length === this.#items.length) {
      const larger = new Uint32Array(this.#items.length * 2);
      larger.set(this.#items);
      this.#items = larger;
    }
    this.#items[this.#length++] = value;
  }

  /** Is the value at this place or after it? */
  has(value: number, from: number): boolean {
    for (let place = from; place < this.#length; place++) if (this.#items[place] === value) return true;
    return false;
  }

  /** Takes the last one off; there must be one. */
  pop(): number {
    return this.#items[--this.#length] as number;
  }

  clear(): void {
    this.#length = 0;
  }
}
